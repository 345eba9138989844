import { type Choker, reciprocal } from '@tstream/g2g-choker';
import {
  type Behaviour,
  type Broadcast,
  Crew,
  createBehaviour,
  FAST_LINE,
  type PeerMember,
  type Swarm,
} from '../src/index.js';
import { swarmOf, TWO_MEGABIT } from './worlds.js';

/** A source of four times the bitrate, honest viewers, and some that behave otherwise, all with eight neighbours at least and a lag of 4 s. */
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
  /** Download of the others in tenths of the bitrate. */
  readonly downloadTenths: number;
  readonly windowPieces: number;
  /** All of the others share one line. */
  readonly oneLine: boolean;
  /** Of the honest, the source included. */
  readonly choker: Choker;
}

export function crowdWith(behaviour: Behaviour, some: Partial<CrowdOptions> = {}): Crowd {
  const options: CrowdOptions = { ...USUAL, ...some };
  const { seed, windowPieces, choker } = options;
  const swarm = swarmOf({ seed, windowPieces, ringPieces: 4 * windowPieces });
  const source = swarm.addSource(7, { line: lineOf(40), choker });
  const line = lineOf(options.uploadTenths);
  const honest = Array.from({ length: options.honest }, () => swarm.addViewer({ line, lagMs: LAG_MS, choker }));
  const crew = new Crew();
  const others: PeerMember[] = [];
  for (let i = 0; i < options.others; i += 1) {
    const sharing = options.oneLine ? others[0] : undefined;
    const narrow = { ...line, downloadBytesPerSecond: (BYTES_PER_SECOND * options.downloadTenths) / 10 };
    const other = swarm.addViewer({ line: narrow, sharing, lagMs: LAG_MS }, (config, nowMs) =>
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
  /** Of the pieces that were due, those that were dropped, thousandths: all viewers together. */
  readonly droppedThousandths: number;
  /** Of the time, what readers stood still, thousandths: all viewers together. */
  readonly stalledThousandths: number;
  /** How long one of them stood still, milliseconds: the worst. */
  readonly stalledMsMax: number;
}

/** Lets time pass until `untilMs`, and says what came of these viewers from `fromMs` on. */
export function outcomeOf({ swarm }: Crowd, viewers: readonly PeerMember[], fromMs: number, untilMs: number): Outcome {
  swarm.runUntil(fromMs);
  const before = viewers.map((viewer) => viewer.core.figures());
  swarm.runUntil(untilMs);
  const spanMs = untilMs - fromMs;
  let dropped = 0;
  let stalledMs = 0;
  let stalledMsMax = 0;
  for (const [i, viewer] of viewers.entries()) {
    const { piecesDropped, stallMs } = viewer.core.figures();
    const ownMs = stallMs - (before[i]?.stallMs ?? 0);
    dropped += piecesDropped - (before[i]?.piecesDropped ?? 0);
    stalledMs += ownMs;
    stalledMsMax = Math.max(stalledMsMax, ownMs);
  }
  return {
    droppedThousandths: (1000 * dropped * TWO_MEGABIT.everyMs) / (spanMs * viewers.length),
    stalledThousandths: (1000 * stalledMs) / (spanMs * viewers.length),
    stalledMsMax,
  };
}

/** A line whose upload is so many tenths of the bitrate. */
function lineOf(tenths: number) {
  return { ...FAST_LINE, uploadBytesPerSecond: (BYTES_PER_SECOND * tenths) / 10 };
}

const BYTES_PER_SECOND = 250_000;
const LAG_MS = 4000;
const USUAL: CrowdOptions = {
  seed: 1,
  honest: 16,
  others: 4,
  uploadTenths: 20,
  downloadTenths: Infinity,
  windowPieces: 12_000,
  oneLine: false,
  choker: reciprocal,
};
