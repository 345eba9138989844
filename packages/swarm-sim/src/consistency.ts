/** What the parts of a scenario must be to each other. */
import type { ClassFigures, Quantiles } from './result.js';
import type { Behaviour, Bound, Limit, PeerClass, Scenario } from './scenario.js';
import type { Fault } from './schema.js';

/** The first thing that doesn't fit the rest; undefined if all does. */
export function inconsistency(scenario: Scenario): Fault | undefined {
  return (
    timeFault(scenario) ??
    videoFault(scenario) ??
    peersFault(scenario) ??
    kindFault(scenario) ??
    eventsFault(scenario) ??
    boundsFault(scenario)
  );
}

/** With a fixed lag, who comes at the beginning plays after that lag, and what is made from then on is due a lag later. */
function timeFault({ measureFromSeconds, seconds, lagSeconds }: Scenario): Fault | undefined {
  if (measureFromSeconds >= seconds) {
    return { path: ['measureFromSeconds'], expected: `less than seconds, ${seconds}` };
  }
  if (lagSeconds === undefined) return undefined;
  const least = Math.max(measureFromSeconds, lagSeconds) + lagSeconds + DUE_SECONDS_MIN;
  if (seconds >= least) return undefined;
  const why = 'so that something is due: the later of measureFromSeconds and lagSeconds, and lagSeconds';
  return { path: ['seconds'], expected: `at least ${least}, ${why}, and ${DUE_SECONDS_MIN} more` };
}

function videoFault({ video: { pieces = [], pieceBytes } }: Scenario): Fault | undefined {
  const tooLarge = pieces.findIndex((bytes) => bytes > pieceBytes);
  if (tooLarge === -1) return undefined;
  return { path: ['video', 'pieces', tooLarge], expected: `at most pieceBytes, ${pieceBytes}` };
}

function peersFault({ peers }: Scenario): Fault | undefined {
  const names = peers.map(({ name }) => name);
  for (const [i, peerClass] of peers.entries()) {
    const { name } = peerClass;
    if (RESERVED.includes(name))
      return { path: ['peers', i, 'name'], expected: `a name other than ${RESERVED.join(', ')}` };
    if (names.indexOf(name) !== i) return { path: ['peers', i, 'name'], expected: 'a name that no other class has' };
    const fault = classFault(peerClass);
    if (fault) return { ...fault, path: ['peers', i, ...fault.path] };
  }
  return undefined;
}

/** What is said of one kind of video only. */
function kindFault({ video: { onDemand }, lagSeconds, peers }: Scenario): Fault | undefined {
  if (onDemand && lagSeconds !== undefined) return { path: ['lagSeconds'], expected: 'nothing: nobody lags on demand' };
  for (const [i, { behaviour, stayAfter, seek }] of peers.entries()) {
    if (onDemand && !ON_DEMAND.includes(behaviour))
      return { path: ['peers', i, 'behaviour'], expected: `one of ${ON_DEMAND.join(', ')}, as the video is on demand` };
    if (onDemand) continue;
    if (stayAfter !== undefined) return { path: ['peers', i, 'stayAfter'], expected: 'nothing: live video has no end' };
    if (seek !== undefined) return { path: ['peers', i, 'seek'], expected: 'nothing: nobody seeks in live video' };
  }
  return undefined;
}

function classFault({ role, behaviour, arrive, count }: PeerClass): Fault | undefined {
  if (role === 'seed' && behaviour !== 'honest') return { path: ['behaviour'], expected: 'honest, as of every seed' };
  if (arrive && 'atSecondsEach' in arrive && arrive.atSecondsEach.length !== count) {
    return { path: ['arrive', 'atSecondsEach'], expected: `a time for each of ${count} peers` };
  }
  return undefined;
}

function eventsFault({ events = [], peers }: Scenario): Fault | undefined {
  const groups = [...peers.map(({ name }) => name), ...SUMS];
  const unknown = events.findIndex(({ leave }) => !groups.includes(leave.of));
  return unknown === -1
    ? undefined
    : { path: ['events', unknown, 'leave', 'of'], expected: `one of ${groups.join(', ')}` };
}

function boundsFault({ bounds, peers }: Scenario): Fault | undefined {
  const groups = [...peers.map(({ name }) => name), ...SUMS, 'run'];
  for (const [i, bound] of bounds.entries()) {
    const fault = boundFault(bound, groups);
    if (fault) return { ...fault, path: ['bounds', i, ...fault.path] };
  }
  return undefined;
}

function boundFault(bound: Bound, groups: readonly string[]): Fault | undefined {
  const { metric, of = 'honest', atLeast, atMost } = bound;
  if (atLeast === undefined && atMost === undefined) return { path: [], expected: 'atLeast or atMost' };
  return (
    figureFault(metric, of, groups) ??
    limitFault('atLeast', atLeast, metric, groups) ??
    limitFault('atMost', atMost, metric, groups)
  );
}

function limitFault(
  key: string,
  limit: Limit | undefined,
  ofBound: string,
  groups: readonly string[],
): Fault | undefined {
  if (limit === undefined || typeof limit === 'number') return undefined;
  const fault = figureFault(limit.metric ?? ofBound, limit.of, groups);
  return fault && { ...fault, path: [key, ...fault.path] };
}

function figureFault(metric: string, of: string, groups: readonly string[]): Fault | undefined {
  if (!groups.includes(of)) return { path: ['of'], expected: `one of ${groups.join(', ')}` };
  const metrics = of === 'run' ? RUN_METRICS : CLASS_METRICS;
  return metrics.includes(metric) ? undefined : { path: ['metric'], expected: `one of ${metrics.join(', ')}` };
}

/** Of video that is due: less says nothing. */
const DUE_SECONDS_MIN = 1;
/** Behaviours that are made for both kinds of peer. */
const ON_DEMAND: readonly Behaviour[] = ['honest', 'slow', 'free-rider'];
/** A class of that name could not be told from what they stand for. */
const SUMS = ['honest', 'all'];
const RESERVED = [...SUMS, 'source', 'run'];

type Spread = { [Key in keyof ClassFigures]: ClassFigures[Key] extends Quantiles ? Key : never }[keyof ClassFigures];

const NUMBERS: readonly Exclude<keyof ClassFigures, Spread>[] = [
  'peers',
  'stalls',
  'stallMs',
  'stalledPeers',
  'longestStallMs',
  'deliveredShare',
  'lossShare',
  'duplicateShare',
  'bannedShare',
  'meanRank',
  'favouredShare',
  'badBlocks',
  'badBlocksForgiven',
  'badBytesPlayed',
  'plainLossShare',
  'byStrengthLossShare',
];
const SPREADS: readonly Spread[] = [
  'startUpMs',
  'seekMs',
  'lagMs',
  'diffusionMs',
  'diffusionTau',
  'uploadMultiple',
  'plainTau',
  'byStrengthTau',
  'overPlainMultiple',
  'overByStrengthMultiple',
];
const QUANTILES: readonly (keyof Quantiles)[] = ['p50', 'p95', 'p99', 'max', 'mean'];

const CLASS_METRICS: readonly string[] = [
  ...NUMBERS,
  ...SPREADS.flatMap((spread) => QUANTILES.map((quantile) => `${spread}.${quantile}`)),
];
const RUN_METRICS: readonly string[] = [
  'overheadShare',
  'messages',
  'source.uploadMultiple',
  'source.videoUploadMultiple',
];
