import { formatDuration } from '../format.js';
import type { Forecast, VodStats } from './vod-stats.js';

/** How the film on the page is doing. */
export type FilmPhase = 'before' | 'showing' | 'waiting' | 'seeking' | 'ended' | 'unplayable' | 'broken';

/** What a person should know that the picture doesn't tell. */
export interface FilmMessage {
  /** `cover` stands in for the picture, `note` lies over it. */
  readonly weight: 'cover' | 'note';
  /** Something is under way: show that it is. */
  readonly busy: boolean;
  readonly title: string;
  readonly text: string;
  /** Offer to begin all the same. */
  readonly offersPlay: boolean;
}

export interface FilmView {
  /** Last answer of the local peer; undefined before the first. */
  readonly stats: VodStats | undefined;
  readonly peerAnswers: boolean;
  readonly phase: FilmPhase;
  readonly hasPicture: boolean;
  /** Where players find the film. */
  readonly filmUrl: string;
}

/** Says what lies over the film now; undefined while the picture speaks for itself. */
export function filmMessage(view: FilmView): FilmMessage | undefined {
  const weight = view.hasPicture ? 'note' : 'cover';
  const quiet = { weight, busy: true, offersPlay: false } as const;
  const { stats, phase } = view;
  if (!view.peerAnswers) {
    const title = 'The viewer on this computer does not answer';
    return { ...quiet, title, text: 'Is tstream-peer still running? This page goes on by itself when it is.' };
  }
  if (stats === undefined) return { ...quiet, title: 'One moment', text: 'Asking the viewer on this computer.' };
  if (stats.trouble !== '') return { ...quiet, busy: false, title: 'The disk is in the way', text: stats.trouble };
  if (phase === 'unplayable') return unplayable(view.filmUrl);
  if (phase === 'showing' || phase === 'ended') return undefined;
  if (isAlone(stats)) {
    const title = 'Nobody who has this was found yet';
    return { ...quiet, title, text: 'The search goes on, and this page starts by itself.' };
  }
  if (phase === 'before') return before(stats.forecast);
  const title = phase === 'seeking' ? 'Fetching that place' : 'Waiting for pieces';
  return { ...quiet, title, text: forecastWords(stats.forecast) };
}

/** `Starts in 12 s.`, `Will stall: you have 0.6 of the needed 1.2 Mbit/s.` */
export function forecastWords(forecast: Forecast): string {
  switch (forecast.kind) {
    case 'unknown':
      return '';
    case 'starts':
      return forecast.inMs < 1000 ? 'Any moment now.' : `Starts in ${formatDuration(forecast.inMs)}.`;
    case 'short':
      return `Will stall: you have ${ofRate(forecast.haveBitsPerSecond, forecast.needBitsPerSecond)}.`;
  }
}

/** The word in the page's corner. */
export function filmWord({ stats, peerAnswers, phase }: FilmView): { readonly word: string; readonly state: string } {
  if (!peerAnswers) return { word: 'No answer', state: 'lost' };
  if (stats === undefined) return { word: 'Connecting', state: 'connecting' };
  if (phase === 'unplayable') return { word: 'Not for browsers', state: 'paused' };
  if (phase === 'showing') return { word: 'Playing', state: 'playing' };
  if (phase === 'ended') return { word: 'Ended', state: 'ended' };
  if (phase === 'before') return { word: 'Filling the buffer', state: 'buffering' };
  return { word: phase === 'seeking' ? 'Seeking' : 'Stalled', state: 'stalled' };
}

function before(forecast: Forecast): FilmMessage {
  const about = { weight: 'cover', busy: true, offersPlay: true } as const;
  // Before anything came nobody knows how fast it comes.
  if (forecast.kind === 'short' && forecast.haveBitsPerSecond > 0) {
    const text = 'It can begin all the same, and will stop now and then.';
    return { ...about, title: forecastWords(forecast), text };
  }
  if (forecast.kind === 'starts' && forecast.inMs >= 1000) {
    return { ...about, title: forecastWords(forecast), text: 'Then it plays to its end without a stop.' };
  }
  return { ...about, title: 'Filling the buffer', text: 'The first pieces are coming in.' };
}

function unplayable(filmUrl: string): FilmMessage {
  return {
    weight: 'cover',
    busy: false,
    offersPlay: false,
    title: 'This browser does not know the film’s format',
    text: `VLC and mpv most likely do: open ${filmUrl} there.`,
  };
}

function isAlone({ neighbours, bytesHeld, bytesWanted }: VodStats): boolean {
  return neighbours.length === 0 && bytesHeld < bytesWanted;
}

/** Both in the unit of what is needed, so that they compare at a glance. */
function ofRate(haveBitsPerSecond: number, needBitsPerSecond: number): string {
  const mega = needBitsPerSecond >= 999_500;
  const digits = (bitsPerSecond: number): string => {
    const rate = bitsPerSecond / (mega ? 1e6 : 1000);
    return rate < 9.95 && mega ? rate.toFixed(1) : String(Math.round(rate));
  };
  return `${digits(haveBitsPerSecond)} of the needed ${digits(needBitsPerSecond)}\u00a0${mega ? 'Mbit/s' : 'kbit/s'}`;
}
