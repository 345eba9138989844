import type { Measure } from './metrics/viewing.js';
import type { Scenario } from './scenario.js';
import { VideoSchedule } from './video.js';

/** What a scenario comes to before anybody is there. */
export interface Plan extends Measure {
  readonly endMs: number;
  /** How many pieces are kept and valid; on demand, the film's. */
  readonly windowPieces: number;
  /** What a multiple of the bitrate is on a line. */
  readonly bytesPerSecond: number;
}

export function planOf({ video: made, seconds, measureFromSeconds, lagSeconds }: Scenario): Plan {
  const video = new VideoSchedule(made);
  const endMs = seconds * 1000;
  const filmPieces = made.onDemand && Math.ceil((made.onDemand.seconds * 1000) / video.pieceMs);
  return {
    video,
    endMs,
    fromMs: measureFromSeconds * 1000,
    piecesMax: Math.ceil(endMs / video.pieceMs) + 1,
    lagMs: lagSeconds === undefined ? undefined : Math.round(lagSeconds * 1000),
    windowPieces: filmPieces ?? Math.ceil(Math.max(WINDOW_MS, 2000 * (lagSeconds ?? 0)) / video.pieceMs),
    bytesPerSecond: video.bitsPerSecond / 8,
  };
}

/** How far back pieces are kept and valid: beyond the lag of live viewers. */
const WINDOW_MS = 20_000;
