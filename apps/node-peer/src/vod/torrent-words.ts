/** What is told of a torrent: one line for a person, figures for programs and the page. */
import { formatDuration, formatRate, formatSize } from '@tstream/command-line';
import type { Torrent, TorrentFigures } from '@tstream/peer-net';
import type { Stats } from '../console.js';

export type Forecast = ReturnType<Torrent['forecast']>;

/** @param film - The file that somebody watches; undefined: nobody does. */
export function torrentStats(torrent: Torrent, film?: number): Stats {
  const figures = torrent.figures();
  const forecast = film === undefined ? undefined : torrent.forecast(film);
  const { neighbours: _neighbours, files: _files, ...json } = figures;
  return { json: { ...json, ...forecastJson(forecast) }, text: summary(torrent, figures, forecast) };
}

/** `startsInMs`, or what comes in and what it takes in bits per second; null: not known. */
export function forecastJson(forecast: Forecast | undefined): Readonly<Record<string, number | null>> {
  const starts = forecast !== undefined && 'startsInMs' in forecast;
  const short = forecast !== undefined && 'short' in forecast ? forecast.short : undefined;
  return {
    startsInMs: starts ? forecast.startsInMs : null,
    haveBitsPerSecond: short ? short.haveBytesPerSecond * 8 : null,
    needBitsPerSecond: short ? short.needBytesPerSecond * 8 : null,
  };
}

/** `starts in 12 s`, `will stall: you have 0.6 of the needed 1.2 Mbit/s`. */
export function forecastWords(forecast: Forecast): string {
  if ('startsInMs' in forecast) {
    return forecast.startsInMs < 1000 ? 'can play' : `starts in ${formatDuration(forecast.startsInMs)}`;
  }
  const { haveBytesPerSecond, needBytesPerSecond } = forecast.short;
  return `will stall: you have ${ofRate(haveBytesPerSecond * 8, needBytesPerSecond * 8)}`;
}

/** Both in the unit of what is needed, so that they can be compared at a glance. */
function ofRate(haveBitsPerSecond: number, needBitsPerSecond: number): string {
  const [unit, bits] = needBitsPerSecond >= 1e6 ? (['Mbit/s', 1e6] as const) : (['kbit/s', 1000] as const);
  const digits = (rate: number) => (rate / bits < 9.95 ? (rate / bits).toFixed(1) : String(Math.round(rate / bits)));
  return `${digits(haveBitsPerSecond)} of the needed ${digits(needBitsPerSecond)} ${unit}`;
}

function summary({ metainfo }: Torrent, figures: TorrentFigures, forecast: Forecast | undefined): string {
  const { bytesWantedHeld: bytesHeld, bytesWanted, peers, downBitsPerSecond, upBitsPerSecond, etaMs } = figures;
  const whole = bytesHeld >= bytesWanted;
  const parts = [
    `${metainfo.title ?? metainfo.name}: ${whole ? formatSize(bytesHeld) : `${share(bytesHeld, bytesWanted)} of ${formatSize(bytesWanted)}`}`,
    peers === 0 && !whole ? 'waiting for somebody who has more of it' : `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    ...(whole ? [] : [`down ${formatRate(downBitsPerSecond)}`]),
    `up ${formatRate(upBitsPerSecond)}`,
  ];
  if (whole) parts.push('all of it is here');
  else if (forecast !== undefined && isMeasured(forecast)) parts.push(forecastWords(forecast));
  else if (etaMs !== null) parts.push(`${formatDuration(etaMs)} to go`);
  return parts.join(', ');
}

/** Before anything came nobody knows how fast it comes. */
function isMeasured(forecast: Forecast): boolean {
  return 'startsInMs' in forecast || forecast.short.haveBytesPerSecond > 0;
}

/** Never all of what is not quite all. */
function share(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)} %`;
}
