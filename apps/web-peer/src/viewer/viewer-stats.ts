import { fieldsOf, isRecord } from '../fields.js';
import { type Neighbour, readNeighbours } from '../neighbours/neighbour.js';

const STATES = ['waiting', 'buffering', 'playing', 'stalled', 'paused', 'stale', 'ended'] as const;

export type PeerState = (typeof STATES)[number];

/** One character a piece, the last one at the edge: `#` held, `+` arriving, `.` missing. */
export interface Pieces {
  readonly run: number;
  readonly fromSeq: number;
  readonly states: string;
}

/** What `/stats.json` of the viewer's local server says, as far as the page shows it. */
export interface ViewerStats {
  readonly title: string;
  readonly state: PeerState;
  readonly stateText: string;
  readonly upBytes: number;
  readonly upBitsPerSecond: number;
  readonly bytesFromSource: number;
  readonly bytesFromPeers: number;
  readonly edgeAgeMs: number;
  readonly playRun: number;
  readonly playSeq: number;
  readonly latencyMs: number;
  readonly bufferMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly piecesDropped: number;
  readonly piecesRejected: number;
  readonly pieces: Pieces;
  readonly neighbours: readonly Neighbour[];
}

/** As many as the peer sends at most; of more only the newest are drawn. */
const PIECES_MAX = 240;
const PIECES_READ_MAX = 4096;

/**
 * Reads an answer of `/stats.json`.
 * @param json - What `JSON.parse` returned.
 * @returns The figures, absent ones as zero; undefined if it is no object at all.
 */
export function readViewerStats(json: unknown): ViewerStats | undefined {
  if (!isRecord(json)) return undefined;
  const fields = fieldsOf(json);
  return {
    title: fields.text('title'),
    state: fields.word('state', STATES, 'waiting'),
    stateText: fields.text('stateText'),
    upBytes: fields.number('upBytes'),
    upBitsPerSecond: fields.number('upBitsPerSecond'),
    bytesFromSource: fields.number('bytesFromSource'),
    bytesFromPeers: fields.number('bytesFromPeers'),
    edgeAgeMs: fields.number('edgeAgeMs'),
    playRun: fields.number('playRun'),
    playSeq: fields.number('playSeq'),
    latencyMs: fields.number('latencyMs'),
    bufferMs: fields.number('bufferMs'),
    stalls: fields.number('stalls'),
    stallMs: fields.number('stallMs'),
    piecesDropped: fields.number('piecesDropped'),
    piecesRejected: fields.number('piecesRejected'),
    pieces: readPieces(fields.object('pieces')),
    neighbours: readNeighbours(fields.list('neighbours')),
  };
}

function readPieces(fields: ReturnType<typeof fieldsOf>): Pieces {
  const states = fields.text('states', PIECES_READ_MAX);
  const older = Math.max(0, states.length - PIECES_MAX);
  return { run: fields.number('run'), fromSeq: fields.number('fromSeq') + older, states: states.slice(older) };
}
