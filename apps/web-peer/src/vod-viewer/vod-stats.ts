import { fieldsOf, isRecord } from '../fields.js';
import { type Neighbour, readNeighbours } from '../neighbours/neighbour.js';

/** Whether the film can be shown to its end, at the speed that is measured. */
export type Forecast =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'starts'; readonly inMs: number }
  | { readonly kind: 'short'; readonly haveBitsPerSecond: number; readonly needBitsPerSecond: number };

/** A file of the torrent. */
export interface FilmFile {
  /** From 1. */
  readonly number: number;
  /** Below the torrent's folder. */
  readonly path: string;
  /** Where it is served, below this page. */
  readonly url: string;
  readonly playable: boolean;
  readonly lengthBytes: number;
  readonly heldBytes: number;
  /** 0: not known. */
  readonly durationMs: number;
}

/** What `/stats.json` of a torrent's viewer says, as far as the page shows it. */
export interface VodStats {
  readonly title: string;
  readonly infohash: string;
  /** Number of the file that the figures are about. */
  readonly file: number;
  readonly files: readonly FilmFile[];
  readonly bytesHeld: number;
  readonly bytesWanted: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly wastedBytes: number;
  /** A disk that takes nothing, say; empty: none. */
  readonly trouble: string;
  readonly forecast: Forecast;
  /** One character a stretch of the file: `#` held, `+` asked for, `:` in part, `.` missing. */
  readonly pieces: string;
  readonly neighbours: readonly Neighbour[];
}

const FILES_MAX = 2000;
const PIECES_MAX = 1000;
const PATH_CHARACTERS_MAX = 400;

/**
 * Reads an answer of `/stats.json`.
 * @param json - What `JSON.parse` returned.
 * @returns The figures, absent ones as zero; undefined if it is no object at all.
 */
export function readVodStats(json: unknown): VodStats | undefined {
  if (!isRecord(json)) return undefined;
  const fields = fieldsOf(json);
  return {
    title: fields.text('title'),
    infohash: fields.text('infohash'),
    file: fields.number('file'),
    files: fields.list('files').slice(0, FILES_MAX).map(readFile),
    bytesHeld: fields.number('bytesHeld'),
    bytesWanted: fields.number('bytesWanted'),
    downBitsPerSecond: fields.number('downBitsPerSecond'),
    upBitsPerSecond: fields.number('upBitsPerSecond'),
    downBytes: fields.number('downBytes'),
    upBytes: fields.number('upBytes'),
    wastedBytes: fields.number('wastedBytes'),
    trouble: fields.text('trouble'),
    forecast: readForecast(fields),
    pieces: fields.text('pieces', PIECES_MAX),
    neighbours: readNeighbours(fields.list('neighbours')),
  };
}

function readForecast(fields: ReturnType<typeof fieldsOf>): Forecast {
  if (fields.has('startsInMs')) return { kind: 'starts', inMs: Math.max(0, fields.number('startsInMs')) };
  if (!fields.has('needBitsPerSecond')) return { kind: 'unknown' };
  const haveBitsPerSecond = fields.number('haveBitsPerSecond');
  return { kind: 'short', haveBitsPerSecond, needBitsPerSecond: fields.number('needBitsPerSecond') };
}

function readFile(json: unknown): FilmFile {
  const fields = fieldsOf(json);
  const number = fields.number('number');
  const path = fields.text('path', PATH_CHARACTERS_MAX);
  return {
    number,
    path,
    // Made here, so that no name leads anywhere else.
    url: `files/${Math.trunc(number)}/${encodeURIComponent(path.split('/').at(-1) ?? '')}`,
    playable: fields.flag('playable'),
    lengthBytes: fields.number('lengthBytes'),
    heldBytes: fields.number('heldBytes'),
    durationMs: fields.number('durationMs'),
  };
}
