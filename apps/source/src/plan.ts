/** What a new stream's metainfo says, and whether a resumed one still fits what was asked for. */
import { Failure, formatDuration, UsageError } from '@tstream/command-line';
import type { LiveMetainfo } from '@tstream/tstream-format';

/** What a person asked for; undefined where they left it to us. */
export interface StreamWishes {
  readonly pieceLength: number | undefined;
  readonly windowMs: number | undefined;
  readonly ringMs: number | undefined;
}

/** The part of the metainfo that sizes a stream. */
export interface StreamPlan {
  readonly pieceLength: number;
  readonly windowPieces: number;
  readonly ringPieces: number;
}

/**
 * Sizes a new stream. Durations are nominal: at another bitrate the same number of pieces lasts another time.
 * @throws {UsageError} If the wishes contradict each other or are out of range.
 */
export function planStream(wishes: StreamWishes, bitsPerSecond: number | undefined): StreamPlan {
  const pieceLength = wishes.pieceLength ?? pieceLengthFor(bitsPerSecond);
  if (!PIECE_LENGTHS.includes(pieceLength)) {
    throw new UsageError(`--piece-length ${pieceLength}: expected 16k, 32k, 64k or 128k`);
  }
  const windowMs = wishes.windowMs ?? WINDOW_MS;
  const ringMs = wishes.ringMs ?? Math.max(RING_MS, RING_PER_WINDOW * windowMs);
  if (ringMs < RING_PER_WINDOW * windowMs) {
    throw new UsageError(
      `--ring ${formatDuration(ringMs)} is too short for --window ${formatDuration(windowMs)}: it takes at least four windows`,
    );
  }
  const pieceMs = Math.min(PIECE_MS_MAX, (pieceLength * 8 * 1000) / (bitsPerSecond ?? BITS_PER_SECOND_GUESS));
  const windowPieces = Math.max(WINDOW_PIECES_MIN, Math.ceil(windowMs / pieceMs));
  const ringPieces = Math.max(RING_PER_WINDOW * windowPieces, Math.ceil(ringMs / pieceMs));
  if (ringPieces > RING_PIECES_MAX) {
    throw new UsageError(
      `--ring ${formatDuration(ringMs)} is ${ringPieces} pieces, more than ${RING_PIECES_MAX}: shorten it, or lengthen --piece-length`,
    );
  }
  return { pieceLength, windowPieces, ringPieces };
}

/** @throws {Failure} If a stream that is resumed was made with other values than are asked for now. */
export function expectSamePlan(path: string, metainfo: LiveMetainfo, wishes: StreamWishes): void {
  if (wishes.pieceLength !== undefined && wishes.pieceLength !== metainfo.pieceLength) {
    throw new Failure(
      `${path} was made with --piece-length ${metainfo.pieceLength / 1024}k: leave the option out, or give another --name`,
    );
  }
  if (wishes.windowMs === undefined && wishes.ringMs === undefined) return;
  const plan = planStream({ ...wishes, pieceLength: metainfo.pieceLength }, metainfo.bitrateBitsPerSecond);
  if (plan.windowPieces !== metainfo.windowPieces || plan.ringPieces !== metainfo.ringPieces) {
    throw new Failure(
      `${path} was made with another --window or --ring: leave the options out, or give another --name`,
    );
  }
}

/** The power of two that lasts about 150 ms. */
function pieceLengthFor(bitsPerSecond: number | undefined): number {
  if (bitsPerSecond === undefined) return PIECE_LENGTH_UNKNOWN;
  const bytes = (bitsPerSecond * PIECE_MS) / 8000;
  return PIECE_LENGTHS.reduce((best, length) => (Math.abs(length - bytes) < Math.abs(best - bytes) ? length : best));
}

const PIECE_LENGTHS: readonly number[] = [16384, 32768, 65536, 131072];
const PIECE_LENGTH_UNKNOWN = 32768;
const PIECE_MS = 150;
/** The cutter closes a piece then, however small. */
const PIECE_MS_MAX = 250;
const BITS_PER_SECOND_GUESS = 2_000_000;
const WINDOW_MS = 15 * 60_000;
const RING_MS = 60 * 60_000;
/** spec/0001: the ring holds at least four windows. */
const RING_PER_WINDOW = 4;
const WINDOW_PIECES_MIN = 16;
const RING_PIECES_MAX = 0x200000;
