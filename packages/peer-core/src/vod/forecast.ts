/** Whether a film can be shown to its end, said before it begins. */

export interface ForecastFacts {
  /** In one stretch from the place where it begins, bytes. */
  readonly heldBytesAhead: number;
  /** What lacks from there to the end, bytes. */
  readonly missingBytesAhead: number;
  /** Measured. */
  readonly bytesPerSecondIn: number;
  /** 0: not known. */
  readonly bitrateBytesPerSecond: number;
  /** How long it plays from there to the end; 0: not known. */
  readonly restMs: number;
}

export type Forecast =
  | { readonly startsInMs: number }
  | { readonly short: { readonly haveBytesPerSecond: number; readonly needBytesPerSecond: number } };

/**
 * Whether what is in plus the measured speed, less a margin of 20 %, carries the film to its end without a stall.
 * @returns When it may begin; or, if nobody would wait that long, the speed there is and the speed at which it could begin at once.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const { heldBytesAhead, missingBytesAhead, bytesPerSecondIn } = facts;
  if (missingBytesAhead === 0) return { startsInMs: 0 };
  const restS = restOf(facts);
  const bitrate = facts.bitrateBytesPerSecond || (heldBytesAhead + missingBytesAhead) / restS;
  const needBytesPerSecond = Math.ceil((missingBytesAhead * MARGIN) / restS);
  if (bytesPerSecondIn <= 0) return { short: { haveBytesPerSecond: 0, needBytesPerSecond } };
  // By the end all has to be in, at the slower speed; and before it begins, so much that a hiccup shows nowhere.
  const wholeS = (missingBytesAhead * MARGIN) / bytesPerSecondIn - restS;
  const bufferBytes = Math.min((bitrate * BUFFER_MS) / 1000, heldBytesAhead + missingBytesAhead) - heldBytesAhead;
  const startsInMs = Math.max(0, Math.ceil(Math.max(wholeS, bufferBytes / bytesPerSecondIn) * 1000));
  if (startsInMs <= WAIT_MS_MAX) return { startsInMs };
  return { short: { haveBytesPerSecond: bytesPerSecondIn, needBytesPerSecond } };
}

/** Seconds. If neither how long nor how fast it plays is known, it is taken for a film of 1 Mbit/s. */
function restOf({ heldBytesAhead, missingBytesAhead, bitrateBytesPerSecond, restMs }: ForecastFacts): number {
  if (restMs > 0) return restMs / 1000;
  return (heldBytesAhead + missingBytesAhead) / (bitrateBytesPerSecond || UNKNOWN_BYTES_PER_SECOND);
}

/** The measured speed has to be a fifth more than what is needed. */
const MARGIN = 1.2;
/** In before it begins. A guess. */
const BUFFER_MS = 2000;
/** Who is told of a longer wait would rather hear what is wrong. A guess. */
const WAIT_MS_MAX = 60_000;
const UNKNOWN_BYTES_PER_SECOND = 125_000;
