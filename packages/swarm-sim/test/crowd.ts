import {
  type BehaviourName,
  type Broadcast,
  Crew,
  createBehaviour,
  FAST_LINE,
  type PeerMember,
  Swarm,
} from '../src/index.js';
import { swarmOf, TWO_MEGABIT } from './worlds.js';

/** A source of four times the bitrate, honest viewers, and some that behave otherwise, all with eight neighbours at least. */
export interface Crowd {
  readonly swarm: Swarm;
  readonly source: Broadcast;
  readonly honest: readonly PeerMember[];
  readonly others: readonly PeerMember[];
}

export interface CrowdOptions {
  readonly seed: number;
  readonly honest: number;
  readonly others: number;
  /** Upload of each viewer in tenths of the bitrate. */
  readonly uploadTenths: number;
  readonly windowPieces: number;
  /** All of the others are at one line. */
  readonly oneLine: boolean;
}

export function crowdWith(behaviour: BehaviourName, some: Partial<CrowdOptions> = {}): Crowd {
  const options: CrowdOptions = { ...USUAL, ...some };
  const { seed, windowPieces } = options;
  const swarm = swarmOf({ seed, windowPieces, ringPieces: 4 * windowPieces });
  const source = swarm.addSource(7, { line: lineOf(40) });
  const line = lineOf(options.uploadTenths);
  const honest = Array.from({ length: options.honest }, () => swarm.addViewer({ line }));
  const crew = new Crew();
  const others: PeerMember[] = [];
  for (let i = 0; i < options.others; i += 1) {
    const sharing = options.oneLine ? others[0] : undefined;
    const other = swarm.addViewer({ line, sharing }, (config, nowMs) =>
      createBehaviour(behaviour, config, { nowMs, crew }),
    );
    crew.enlist(other.id);
    others.push(other);
  }
  swarm.connectAtRandom(swarm.members, 8);
  source.play(TWO_MEGABIT);
  return { swarm, source, honest, others };
}

/** What came of a crowd's viewers between two times. */
export interface Outcome {
  /** Of the pieces that were due, those never read: thousandths, of all viewers together. */
  readonly lostThousandths: number;
  /** Of the time, what they stood still: thousandths. */
  readonly stalledThousandths: number;
  /** Behind the source, milliseconds: the median of all reads. */
  readonly lagMs: number;
  /** Viewers that read less than nine tenths of what was due. */
  readonly leftBehind: number;
}

/** Lets time pass until `untilMs`, and says what came of these viewers from `fromMs` on. */
export function outcomeOf(crowd: Crowd, viewers: readonly PeerMember[], fromMs: number, untilMs: number): Outcome {
  const stalledMs = new Map<PeerMember, number>();
  crowd.swarm.runUntil(fromMs);
  for (const viewer of viewers) stalledMs.set(viewer, viewer.core.figures().stallMs);
  crowd.swarm.runUntil(untilMs);
  const due = Math.floor((untilMs - fromMs) / TWO_MEGABIT.everyMs);
  let read = 0;
  let stalled = 0;
  let leftBehind = 0;
  const lags: number[] = [];
  for (const viewer of viewers) {
    const reads = viewer.reads.filter(({ atMs }) => atMs >= fromMs);
    read += Math.min(due, reads.length);
    stalled += viewer.core.figures().stallMs - (stalledMs.get(viewer) ?? 0);
    if (reads.length < 0.9 * due) leftBehind += 1;
    lags.push(...reads.map(({ latencyMs }) => latencyMs));
  }
  return {
    lostThousandths: 1000 - (1000 * read) / (due * viewers.length),
    stalledThousandths: (1000 * stalled) / ((untilMs - fromMs) * viewers.length),
    lagMs: lags.sort((a, b) => a - b)[lags.length >> 1] ?? Infinity,
    leftBehind,
  };
}

/** A line whose upload is so many tenths of the bitrate. */
function lineOf(tenths: number) {
  return { ...FAST_LINE, uploadBytesPerSecond: (BYTES_PER_SECOND * tenths) / 10 };
}

const BYTES_PER_SECOND = 250_000;
const USUAL: CrowdOptions = { seed: 1, honest: 16, others: 4, uploadTenths: 20, windowPieces: 12_000, oneLine: false };
