import type { Choker } from '@tstream/g2g-choker';
import { PIECE_BYTES_MAX } from '@tstream/live-piece-auth';
import type { PiecePicker } from '@tstream/piece-picker';

/** What a peer is there for. A source publishes, a viewer plays at a lag, a seed keeps the whole window. */
export type Role = 'source' | 'viewer' | 'seed';

/** What a {@link Peer} is made from: data and pure functions. */
export interface PeerConfig {
  readonly role: Role;
  /** Pieces on the ring, from the metainfo: at least four windows. */
  readonly ringPieces: number;
  /** Pieces that are valid at a time, from the metainfo. */
  readonly windowPieces: number;
  /** Piece length of the metainfo, bytes. */
  readonly pieceBytes: number;
  /** Pieces that the driver can keep, at most `windowPieces`; older ones are discarded. */
  readonly keepPieces: number;
  /** Upload limit over all connections, bytes per second, above 0: who offers has to send. Infinity for none. */
  readonly uploadBytesPerSecond: number;
  /** Fixed lag of the virtual reader, milliseconds; undefined: measured and adapted. */
  readonly lagMs?: number | undefined;
  /** Pieces are delivered as soon as they are whole and in order, not when due: for a recording. The lag still says how long a missing one is awaited. */
  readonly eager?: boolean | undefined;
  readonly picker: PiecePicker;
  readonly choker: Choker;
  /** Uniform integer in [0, below). The only source of chance. */
  readonly random: (below: number) => number;
}

/** @throws {RangeError} If a number is out of its range: the caller's mistake. Limits are looked at by their token bucket. */
export function checkConfig(config: PeerConfig): void {
  const { ringPieces, windowPieces, keepPieces, pieceBytes, lagMs = 0 } = config;
  expectWhole('windowPieces', windowPieces, 1, WINDOW_PIECES_MAX);
  // spec/0001 §3.1.3: with fewer, one index could stand for two pieces that are valid.
  expectWhole('ringPieces', ringPieces, 4 * windowPieces, Number.MAX_SAFE_INTEGER);
  expectWhole('keepPieces', keepPieces, 1, windowPieces);
  expectWhole('pieceBytes', pieceBytes, 1, PIECE_BYTES_MAX);
  expectWhole('lagMs', lagMs, 0, Number.MAX_SAFE_INTEGER);
}

function expectWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`expected ${name} as a whole number ${min}..${max}, got ${value}`);
}

/** Sets of two windows have room for no more: `@tstream/sliding-window`. */
const WINDOW_PIECES_MAX = 2 ** 29;
