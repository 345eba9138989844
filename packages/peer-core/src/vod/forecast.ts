/** Whether a film can be shown to its end, said before it begins. */

/** Bytes that lack, counted from the place where it begins. */
export interface Gap {
  readonly fromByte: number;
  readonly toByte: number;
}

export interface ForecastFacts {
  /** From the place where it begins to the end, bytes. */
  readonly bytesAhead: number;
  /** What lacks of these, in order. */
  readonly gaps: readonly Gap[];
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

/** What lacks of a torrent's bytes from one to another, piece by piece. */
export function gapsBetween(
  fromByte: number,
  endByte: number,
  pieceBytes: number,
  isHeld: (piece: number) => boolean,
): Gap[] {
  const gaps: { fromByte: number; toByte: number }[] = [];
  for (let at = fromByte; at < endByte; ) {
    const piece = Math.floor(at / pieceBytes);
    const next = Math.min(endByte, (piece + 1) * pieceBytes);
    const last = gaps.at(-1);
    if (!isHeld(piece)) {
      if (last?.toByte === at - fromByte) last.toByte = next - fromByte;
      else gaps.push({ fromByte: at - fromByte, toByte: next - fromByte });
    }
    at = next;
  }
  return gaps;
}

/**
 * Whether what is in plus the measured speed, less a margin of 20 %, carries the film to its end without a stall: each gap has to be filled
 * by the time at which its end is shown, those before it as well. What is in behind a gap is of no use for it.
 * @returns When it may begin; or, if nobody would wait that long, the speed there is and the speed at which it could begin at once.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const { bytesAhead, gaps, bytesPerSecondIn } = facts;
  const [first] = gaps;
  if (!first) return { startsInMs: 0 };
  const bitrate = bytesAhead / restOf(facts);
  const needBytesPerSecond = Math.ceil(neededFor(gaps, bitrate));
  if (bytesPerSecondIn <= 0) return { short: { haveBytesPerSecond: 0, needBytesPerSecond } };
  const bufferBytes =
    Math.min(((facts.bitrateBytesPerSecond || bitrate) * BUFFER_MS) / 1000, bytesAhead) - first.fromByte;
  const waitS = Math.max(bufferBytes / bytesPerSecondIn, waitFor(gaps, bitrate, bytesPerSecondIn));
  const startsInMs = Math.max(0, Math.ceil(waitS * 1000));
  if (startsInMs <= WAIT_MS_MAX) return { startsInMs };
  return { short: { haveBytesPerSecond: bytesPerSecondIn, needBytesPerSecond } };
}

/** Until all gaps will be filled in time, seconds. */
function waitFor(gaps: readonly Gap[], bitrate: number, bytesPerSecondIn: number): number {
  let missing = 0;
  let waitS = -Infinity;
  for (const { fromByte, toByte } of gaps) {
    missing += toByte - fromByte;
    waitS = Math.max(waitS, (missing * MARGIN) / bytesPerSecondIn - toByte / bitrate);
  }
  return waitS;
}

/** The speed that fills all gaps in time if it begins at once, bytes per second. */
function neededFor(gaps: readonly Gap[], bitrate: number): number {
  let missing = 0;
  let need = 0;
  for (const { fromByte, toByte } of gaps) {
    missing += toByte - fromByte;
    need = Math.max(need, (missing * MARGIN * bitrate) / toByte);
  }
  return need;
}

/** Seconds. If neither how long nor how fast it plays is known, it is taken for a film of 1 Mbit/s. */
function restOf({ bytesAhead, bitrateBytesPerSecond, restMs }: ForecastFacts): number {
  return restMs > 0 ? restMs / 1000 : bytesAhead / (bitrateBytesPerSecond || UNKNOWN_BYTES_PER_SECOND);
}

/** The measured speed has to be a fifth more than what is needed. */
const MARGIN = 1.2;
/** In before it begins. A guess. */
const BUFFER_MS = 2000;
/** Who is told of a longer wait would rather hear what is wrong. A guess. */
const WAIT_MS_MAX = 60_000;
const UNKNOWN_BYTES_PER_SECOND = 125_000;
