import { fieldsOf, isRecord } from '../fields.js';
import { webAddress } from '../link/web-address.js';

const INPUT_STATES = ['live', 'paused', 'retrying', 'ended'] as const;
const REACHABLE = ['yes', 'no', 'unknown'] as const;

export type InputState = (typeof INPUT_STATES)[number];

/** What `/status.json` of a broadcaster says, as far as the page shows it. */
export interface SourceStatus {
  readonly title: string;
  readonly name: string;
  readonly infohash: string;
  readonly run: number;
  readonly uptimeMs: number;
  readonly peers: number;
  readonly viewersEver: number;
  readonly inBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  /** Upload rate as a multiple of the stream's own. */
  readonly uploadMultiple: number;
  readonly maxUploadBitsPerSecond: number;
  readonly inputState: InputState;
  /** Share, 0 … 1, of the neighbours that hold the piece made 2 s ago. */
  readonly heldByMedian: number;
  readonly reachable: (typeof REACHABLE)[number];
  /** Absolute http(s) address of the `.tstream`; undefined while none is told. */
  readonly tstreamUrl: string | undefined;
}

const URL_CHARACTERS_MAX = 2000;

/**
 * Reads an answer of `/status.json`.
 * @param json - What `JSON.parse` returned.
 * @param pageUrl - Where the page itself is from; relative links are meant from here.
 * @returns The figures, absent ones as zero; undefined if it is no object at all.
 */
export function readSourceStatus(json: unknown, pageUrl: string): SourceStatus | undefined {
  if (!isRecord(json)) return undefined;
  const fields = fieldsOf(json);
  return {
    title: fields.text('title'),
    name: fields.text('name'),
    infohash: fields.text('infohash'),
    run: fields.number('run'),
    uptimeMs: fields.number('uptimeMs'),
    peers: fields.number('peers'),
    viewersEver: fields.number('viewersEver'),
    inBitsPerSecond: fields.number('inBitsPerSecond'),
    upBitsPerSecond: fields.number('upBitsPerSecond'),
    uploadMultiple: fields.number('uploadMultiple'),
    maxUploadBitsPerSecond: fields.number('maxUploadBitsPerSecond'),
    inputState: fields.word('inputState', INPUT_STATES, 'live'),
    heldByMedian: Math.min(1, Math.max(0, fields.number('heldByMedian'))),
    reachable: fields.word('reachable', REACHABLE, 'unknown'),
    tstreamUrl: webAddress(fields.text('tstreamUrl', URL_CHARACTERS_MAX), pageUrl),
  };
}
