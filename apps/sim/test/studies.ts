/** Studies made by hand, for tests that need no swarm. */
import type { ClassFigures, Quantiles, RunResult, Scenario } from '@tstream/swarm-sim';
import { STUDY_FORMAT, type Study, type Variant } from '../src/study.js';

export const SCENARIO: Scenario = {
  title: 'Twelve viewers, two of them free-riders',
  about: 'Made by hand.',
  seconds: 20,
  measureFromSeconds: 5,
  video: { bitsPerSecond: 1_000_000, pieceBytes: 16384, entryEverySeconds: 1 },
  neighbours: 8,
  links: { oneWayDelayMs: 25, lossPerMillion: 0 },
  source: { upload: 4 },
  peers: [
    { name: 'viewers', count: 10, upload: 1.2, download: 4, behaviour: 'honest' },
    { name: 'free-riders', count: 2, upload: 1.2, download: 4, behaviour: 'free-rider' },
  ],
  bounds: [{ metric: 'lossShare', atMost: 0.01 }],
};

export function quantiles(p50: number): Quantiles {
  return { p50, p95: p50 * 1.3, p99: p50 * 1.5, max: p50 * 2, mean: p50 };
}

function classFigures(over: Partial<ClassFigures> = {}): ClassFigures {
  return {
    peers: 10,
    startUpMs: quantiles(900),
    seekMs: quantiles(0),
    stalls: 0,
    stallMs: 0,
    stalledPeers: 0,
    longestStallMs: 0,
    deliveredShare: 0.999,
    lossShare: 0.001,
    lagMs: quantiles(1500),
    diffusionMs: quantiles(800),
    diffusionTau: quantiles(6),
    uploadMultiple: quantiles(0.9),
    duplicateShare: 0.002,
    bannedShare: 0,
    plainTau: quantiles(4),
    plainLossShare: 0,
    byStrengthTau: quantiles(3),
    byStrengthLossShare: 0,
    overPlainMultiple: quantiles(1.5),
    overByStrengthMultiple: quantiles(2),
    meanRank: 160_000,
    favouredShare: 0,
    badBlocks: 0,
    badBlocksForgiven: 0,
    badBytesPlayed: 0,
    ...over,
  };
}

export function resultOf(seed: number, over: Partial<RunResult> = {}): RunResult {
  const atSeconds = Array.from({ length: 20 }, (_, i) => i + 1);
  const honest = classFigures();
  return {
    scenario: SCENARIO.title,
    seed,
    picker: 'default',
    choker: 'default',
    traceHash: '0123456789abcdef',
    messages: 12_345,
    virtualSeconds: 20,
    pieceMs: 131.072,
    classes: {
      viewers: honest,
      'free-riders': classFigures({ peers: 2, uploadMultiple: quantiles(0) }),
      honest,
      all: classFigures({ peers: 12 }),
    },
    source: { uploadMultiple: 3.1, videoUploadMultiple: 2.9 },
    wireBytes: { payload: 1_000_000, offer: 20_000, have: 8000, packets: 30_000 },
    overheadShare: 0.028,
    series: {
      atSeconds,
      online: atSeconds.map((at) => Math.min(12, at)),
      stalledNow: atSeconds.map((at) => (at === 9 ? 1 : 0)),
      lossShare: atSeconds.map((at) => (at === 9 ? 0.02 * seed : 0)),
      sourceMultiple: atSeconds.map((at) => 3 + 0.1 * Math.sin(at + seed)),
      overheadShare: atSeconds.map(() => 0.028),
    },
    fedBy: {
      atSeconds: [10, 20],
      classes: [
        { receiver: 'viewers', sender: 'source', bytes: [100_000, 200_000] },
        { receiver: 'viewers', sender: 'viewers', bytes: [300_000, 300_000] },
        { receiver: 'free-riders', sender: 'viewers', bytes: [0, 80_000] },
      ],
      hops: [
        { hops: 1, bytes: [100_000, 200_000] },
        { hops: 2, bytes: [300_000, 380_000] },
      ],
      peers: {
        classes: ['source', 'viewers', 'viewers'],
        pairs: [{ receiver: 2, sender: 1, bytes: [16_384, 0] }],
      },
    },
    failedBounds: [],
    ...over,
  };
}

export function variantOf(label: string, results: readonly RunResult[], scenario: Scenario = SCENARIO): Variant {
  return { label, scenario, picker: 'default', choker: 'default', results };
}

export function studyOf(kind: Study['kind'], variants: readonly Variant[], over: string | null = null): Study {
  return { format: STUDY_FORMAT, kind, over, variants };
}

/** A result with the figures of its honest viewers changed. */
export function withHonest(seed: number, over: Partial<ClassFigures>): RunResult {
  const { classes } = resultOf(seed);
  return resultOf(seed, { classes: { ...classes, honest: classFigures(over) } });
}
