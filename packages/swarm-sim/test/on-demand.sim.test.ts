/** Films on demand under virtual time: the seam between the network, the on-demand peer and who watches. */
import { type VodPicker, vodInOrder } from '@tstream/piece-picker';
import { describe, expect, test } from 'vitest';
import { type PeerClass, runScenario, type Scenario, ScenarioRun, type TraceRecord } from '../src/index.js';
import { smallScenario } from './small-scenario.js';

const VIEWERS: PeerClass = {
  name: 'viewers',
  count: 8,
  upload: { uniform: [2, 4] },
  download: 20,
  behaviour: 'honest',
  arrive: { flashSeconds: 5, atSeconds: 0 },
};

/** A film of 20 s for eight viewers, with upload to spare. */
function film(changes: Partial<Scenario> = {}): Scenario {
  return smallScenario({
    seconds: 60,
    measureFromSeconds: 0,
    video: { bitsPerSecond: 500_000, pieceBytes: 32_768, onDemand: { seconds: 20 } },
    source: { upload: 8 },
    peers: [VIEWERS],
    ...changes,
  });
}

describe('a film', () => {
  const result = runScenario(film(), { seed: 1 });

  test('is seen by all to its end: each comes to each piece once', () => {
    const { honest } = result.classes;
    const pieces = Math.ceil((20 * 62_500) / 32_768);
    expect(honest?.startUpMs.max).toBeGreaterThan(0);
    // The first piece is not come to: it is what one begins with.
    const due = result.series.lossShare.length;
    expect(due).toBe(60);
    expect(honest?.peers).toBe(8);
    expect(honest?.lossShare).toBeLessThan(1 / pieces);
  });

  test('same seed ⇒ same result, to the last figure', () => {
    expect(runScenario(film(), { seed: 1 })).toEqual(result);
    expect(runScenario(film(), { seed: 2 }).traceHash).not.toBe(result.traceHash);
  });

  test('stopped in between and let go on, it is the same run', () => {
    const run = new ScenarioRun(film(), { seed: 1 });
    for (const ms of [1, 1234, 20_000]) run.runUntil(ms);
    run.runUntil(Infinity);
    expect(run.result()).toEqual(result);
  });

  test('what is downloaded is the film, once each, but for what came twice', () => {
    const bytes = result.fedBy.classes.reduce((sum, { bytes }) => sum + bytes.reduce((a, b) => a + b, 0), 0);
    const twice = result.classes['honest']?.duplicateShare ?? 0;
    expect(Math.round(bytes * (1 - twice))).toBe(8 * 20 * 62_500);
  });

  test('the trace tells of each piece that each viewer got', () => {
    const trace: TraceRecord[] = [];
    expect(runScenario(film(), { seed: 1, trace: (record) => trace.push(record) })).toEqual(result);
    const whole = trace.filter(({ what }) => what === 'whole');
    expect(whole).toHaveLength(8 * Math.ceil((20 * 62_500) / 32_768));
  });
});

test('a picker of one’s own is asked, and told of by the result', () => {
  let asked = 0;
  const vodPicker: VodPicker = {
    choose(view, neighbour) {
      asked += 1;
      return vodInOrder.choose(view, neighbour);
    },
  };
  expect(runScenario(film(), { seed: 1, vodPicker }).picker).toBe('given');
  expect(asked).toBeGreaterThan(100);
  const named = film({ policies: { picker: 'newest-first' } });
  expect(() => runScenario(named, { seed: 1 })).toThrow(/^picker: expected default, in-order, .*, got newest-first/);
});

test('who wants ten seconds in begins later than who trusts the forecast', () => {
  const video = { ...film().video, onDemand: { seconds: 20, prebufferSeconds: 10 } };
  const startMs = (scenario: Scenario) => runScenario(scenario, { seed: 1 }).classes['honest']?.startUpMs.p50 ?? 0;
  expect(startMs(film({ video }))).toBeGreaterThan(2 * startMs(film()));
});

test('a free-rider sends nobody anything', () => {
  const peers = [VIEWERS, { ...VIEWERS, name: 'free-riders', count: 4, behaviour: 'free-rider' as const }];
  const { classes, fedBy } = runScenario(film({ peers }), { seed: 1 });
  expect(classes['free-riders']?.uploadMultiple.max).toBe(0);
  expect(classes['viewers']?.uploadMultiple.max).toBeGreaterThan(0);
  expect(fedBy.classes.some(({ receiver }) => receiver === 'free-riders')).toBe(true);
});

test('who has seen it serves as long as its class does', () => {
  const peers = [{ ...VIEWERS, stayAfter: 5 }];
  const { series } = runScenario(film({ peers }), { seed: 1 });
  expect(series.online.at(-1)).toBe(0);
  expect(Math.max(...series.online)).toBe(8);
  expect(runScenario(film(), { seed: 1 }).series.online.at(-1)).toBe(8);
});

test('who jumps sees the rest from there, and how long it waited is told', () => {
  const peers = [{ ...VIEWERS, seek: { afterSeconds: 2, toSeconds: 15 } }];
  const { classes } = runScenario(film({ peers }), { seed: 1 });
  expect(classes['honest']?.seekMs.max).toBeGreaterThan(0);
  expect(runScenario(film(), { seed: 1 }).classes['honest']?.seekMs.max).toBe(0);
});

test('a swarm that can’t carry the film makes its viewers wait', () => {
  const peers = [{ ...VIEWERS, upload: 0.3 }];
  const poor = runScenario(film({ peers, source: { upload: 1 }, seconds: 200 }), { seed: 1 }).classes['honest'];
  const rich = runScenario(film({ seconds: 200 }), { seed: 1 }).classes['honest'];
  const waitedMs = (figures: typeof poor) => (figures?.startUpMs.mean ?? 0) + (figures?.stallMs ?? 0) / 8;
  expect(waitedMs(poor)).toBeGreaterThan(5 * waitedMs(rich));
});

test('a seed has the film, and helps', () => {
  const peers = [VIEWERS, { ...VIEWERS, name: 'boxes', count: 1, role: 'seed' as const, upload: 8 }];
  const { fedBy, classes } = runScenario(film({ peers }), { seed: 1 });
  expect(fedBy.classes.some(({ sender }) => sender === 'boxes')).toBe(true);
  expect(fedBy.classes.some(({ receiver }) => receiver === 'boxes')).toBe(false);
  expect(classes['boxes']?.startUpMs.max).toBe(0);
});
