import { draw } from './distributions.js';
import { ln } from './exact-math.js';
import type { Random } from './random.js';
import type { Arrival, PeerClass } from './scenario.js';

/** When one peer comes and goes, whole virtual milliseconds; Infinity: it stays to the end. */
export interface Visit {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Draws the visits of all peers of a class, in no particular order. */
export function visitsOf({ count, arrive, stay }: PeerClass, random: Random): Visit[] {
  return arrivalsMs(arrive ?? { atSeconds: 0 }, count, random).map((fromMs) => ({
    fromMs,
    untilMs: stay === undefined ? Infinity : fromMs + Math.max(1, milliseconds(draw(stay, random))),
  }));
}

function arrivalsMs(arrive: Arrival, count: number, random: Random): number[] {
  if ('atSecondsEach' in arrive) return arrive.atSecondsEach.slice(0, count).map(milliseconds);
  if ('flashSeconds' in arrive) {
    const { atSeconds, flashSeconds } = arrive;
    return Array.from({ length: count }, () => milliseconds(atSeconds + flashSeconds * random.unit()));
  }
  if ('poissonPerSecond' in arrive) {
    let atSeconds = arrive.atSeconds;
    return Array.from({ length: count }, () => {
      atSeconds -= ln(random.unit()) / arrive.poissonPerSecond;
      return milliseconds(atSeconds);
    });
  }
  return Array.from({ length: count }, () => milliseconds(arrive.atSeconds));
}

/** Draws a share of these, rounded to whole ones. */
export function drawShare<T>(all: readonly T[], share: number, random: Random): T[] {
  const rest = [...all];
  return Array.from(
    { length: Math.round(all.length * share) },
    () => rest.splice(random.below(rest.length), 1)[0] as T,
  );
}

export function isViewer({ role = 'viewer' }: PeerClass): boolean {
  return role === 'viewer';
}

/** One that plays by the rules. */
export function isHonestViewer(peerClass: PeerClass): boolean {
  return isViewer(peerClass) && (peerClass.behaviour === 'honest' || peerClass.behaviour === 'slow');
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
