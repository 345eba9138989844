import { describe, expect, test } from 'vitest';
import { type ClassFigures, runScenario, type Scenario, ScenarioRun, type TraceRecord } from '../src/index.js';
import { smallScenario } from './small-scenario.js';

const LOSSY = smallScenario({ links: { oneWayDelayMs: { uniform: [5, 60] }, lossPerMillion: 20_000 } });

describe('replay', () => {
  const result = runScenario(LOSSY, { seed: 1 });

  test('same seed ⇒ same result, to the last figure', () => {
    expect(runScenario(LOSSY, { seed: 1 })).toEqual(result);
  });

  test('another seed ⇒ another trace', () => {
    expect(runScenario(LOSSY, { seed: 2 }).traceHash).not.toBe(result.traceHash);
  });

  test('who watches it changes nothing', () => {
    const seconds: number[] = [];
    const trace: TraceRecord[] = [];
    const watched = runScenario(LOSSY, {
      seed: 1,
      progress: (virtualMs) => seconds.push(virtualMs / 1000),
      trace: (record) => trace.push(record),
    });
    expect(watched).toEqual(result);
    expect(seconds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(trace.filter(({ what }) => what === 'message')).toHaveLength(result.messages);
  });

  test('stopped in between and let go on, it is the same run', () => {
    const run = new ScenarioRun(LOSSY, { seed: 1 });
    for (const ms of [1, 17, 1234, 3000, 3001, 9999]) {
      run.runUntil(ms);
      expect([run.nowMs, run.swarm.nowMs]).toEqual([ms, ms]);
    }
    expect(run.swarm.members).toHaveLength(13);
    run.runUntil(Infinity);
    expect(run.result()).toEqual(result);
  });

  test('stopped early, it says what came of it so far', () => {
    const stopped = runScenario(LOSSY, { seed: 1, stopAtMs: 5500 });
    expect(stopped.virtualSeconds).toBe(5.5);
    expect(stopped.series.atSeconds).toEqual([1, 2, 3, 4, 5]);
    expect(stopped.series.sourceMultiple).toEqual(result.series.sourceMultiple.slice(0, 5));
  });
});

describe('the trace', () => {
  const trace: TraceRecord[] = [];
  runScenario(LOSSY, { seed: 1, trace: (record) => trace.push(record) });

  test('is in order of time', () => {
    expect(trace.every(({ atUs }, i) => i === 0 || atUs >= (trace[i - 1] as TraceRecord).atUs)).toBe(true);
  });

  test('begins with who comes, the source first', () => {
    expect(trace.slice(0, 2)).toEqual([
      { what: 'came', atUs: 0, peer: 0, of: 'source' },
      { what: 'came', atUs: 0, peer: 1, of: 'viewers' },
    ]);
    expect(trace.filter(({ what }) => what === 'came')).toHaveLength(13);
  });

  test('tells of each piece who offered it, that it is whole, and that it was read', () => {
    const of = (what: TraceRecord['what']) =>
      new Set(trace.filter((record) => record.what === what).map((record) => ('seq' in record ? record.seq : -1)));
    const offered = trace.filter((record) => record.what === 'message' && record.type === 'offer');
    expect(offered.every((record) => 'seq' in record && record.seq !== undefined)).toBe(true);
    for (const seq of [10, 20, 30, 40]) expect(of('whole').has(seq) && of('read').has(seq)).toBe(true);
  });
});

describe('what happens to a population', () => {
  test('a class comes when it comes, and leaves when it leaves', () => {
    const [early] = smallScenario().peers;
    if (!early) throw new Error('no class');
    const late = { ...early, name: 'late', count: 5, arrive: { atSeconds: 4 }, stay: 3 };
    const { series, classes } = runScenario(smallScenario({ peers: [early, late] }), { seed: 1 });
    expect(series.online).toEqual([12, 12, 12, 17, 17, 17, 12, 12, 12, 12]);
    expect(classes['late']?.peers).toBe(5);
    expect(classes['all']?.peers).toBe(17);
  });

  test('half leave at once, and the others find new neighbours and lose nothing', () => {
    const events = [{ atSeconds: 5, leave: { of: 'viewers', share: 0.5 } }];
    const run = new ScenarioRun(smallScenario({ events, lagSeconds: 3 }), { seed: 1 });
    run.runUntil(9000);
    const left = run.swarm.members.filter(({ alive }) => alive);
    expect(left).toHaveLength(7);
    for (const { pipes } of left) expect(pipes.size).toBe(6);
    run.runUntil(Infinity);
    expect(run.result().classes['honest']).toMatchObject({ peers: 12, lossShare: 0 });
  });

  test('nobody connects to who is behind a NAT, and two of them never meet', () => {
    const [open] = smallScenario().peers;
    if (!open) throw new Error('no class');
    const behind = { ...open, name: 'behind', count: 8, reachable: false };
    const run = new ScenarioRun(smallScenario({ peers: [{ ...open, count: 4 }, behind] }), { seed: 1 });
    run.runUntil(Infinity);
    const hidden = run.swarm.members.slice(5);
    expect(hidden).toHaveLength(8);
    for (const { pipes } of hidden) {
      expect(pipes.size).toBeGreaterThan(0);
      for (const { to } of pipes.values()) expect(to.number).toBeLessThan(5);
    }
  });

  test('where most connections fail, everybody tries on, and has neighbours in the end', () => {
    const links = { oneWayDelayMs: 20, lossPerMillion: 0, failPerMillion: 800_000 };
    const run = new ScenarioRun(smallScenario({ links }), { seed: 1 });
    run.runUntil(50);
    const connectionsOf = () => run.swarm.members.reduce((sum, { pipes }) => sum + pipes.size, 0) / 2;
    expect(connectionsOf()).toBeLessThan(13 * 3);
    run.runUntil(Infinity);
    expect(connectionsOf()).toBeGreaterThanOrEqual(13 * 3);
  });

  test('Sybils share one line', () => {
    const [open] = smallScenario().peers;
    if (!open) throw new Error('no class');
    const sybils = { ...open, name: 'sybils', count: 3, behaviour: 'sybil' as const };
    const run = new ScenarioRun(smallScenario({ peers: [open, sybils] }), { seed: 1 });
    run.runUntil(1000);
    expect(new Set(run.swarm.members.slice(13).map(({ uplink }) => uplink)).size).toBe(1);
    expect(new Set(run.swarm.members.map(({ uplink }) => uplink)).size).toBe(14);
  });
});

describe('policies', () => {
  const byPicker = (picker: string) => runScenario(smallScenario({ policies: { picker } }), { seed: 1 });

  test('are taken by name', () => {
    const hashes = ['default', 'rarest-first'].map((name) => byPicker(name).traceHash);
    expect(new Set(hashes).size).toBe(2);
    expect(byPicker('rarest-first').picker).toBe('rarest-first');
  });

  test('one that is not ours must be brought along', () => {
    const scenario = smallScenario({ policies: { picker: './mine.ts' } });
    expect(() => runScenario(scenario, { seed: 1 })).toThrow(/^picker: expected default, .*, got \.\/mine\.ts$/);
    const result = runScenario(scenario, { seed: 1, picker: { offer: () => undefined, want: () => [] } });
    expect(result.classes['honest']?.deliveredShare).toBe(0);
  });

  test.each([-1, 0.5, 2 ** 32])('the seed %d is refused', (seed) => {
    expect(() => runScenario(smallScenario(), { seed })).toThrow(`seed: expected 0..4294967295, got ${seed}`);
  });
});

describe('bounds', () => {
  const bounds: Scenario['bounds'] = [
    { metric: 'lossShare', atMost: 0 },
    { metric: 'peers', of: 'all', atLeast: 13 },
    { metric: 'diffusionTau.p50', atLeast: 1000 },
    { metric: 'source.uploadMultiple', of: 'run', atMost: 0.5 },
  ];

  test('that are broken are told, with what was found', () => {
    const result = runScenario(smallScenario({ bounds, lagSeconds: 3 }), { seed: 1 });
    expect(result.failedBounds).toEqual([
      { bound: bounds[1], found: 12 },
      { bound: bounds[2], found: result.classes['honest']?.diffusionTau.p50 },
      { bound: bounds[3], found: result.source.uploadMultiple },
    ]);
  });

  test('that hold one figure against another are broken where the other one allows no more', () => {
    const relative: Scenario['bounds'] = [
      { metric: 'diffusionMs.p50', atMost: { times: 1, metric: 'diffusionMs.p95', of: 'all' } },
      { metric: 'diffusionMs.p95', atMost: { times: 1, metric: 'diffusionMs.p50', of: 'viewers' } },
      { metric: 'source.uploadMultiple', of: 'run', atLeast: { times: 2, of: 'run' } },
      { metric: 'peers', of: 'all', atLeast: { times: 1, of: 'honest' }, atMost: { times: 1, of: 'honest' } },
    ];
    const result = runScenario(smallScenario({ bounds: relative }), { seed: 1 });
    expect(result.failedBounds).toEqual([
      { bound: relative[1], found: result.classes['honest']?.diffusionMs.p95 },
      { bound: relative[2], found: result.source.uploadMultiple },
    ]);
  });
});

describe('figures', () => {
  test.each([
    ['a lag of their own', undefined],
    ['a fixed lag', 2],
  ])('a source that sends half of its video: viewers with %s stand still and lose much', (_, lagSeconds) => {
    const scenario = smallScenario({ seconds: 20, source: { upload: 0.5 }, lagSeconds });
    const honest = runScenario(scenario, { seed: 1 }).classes['honest'] as ClassFigures;
    // 16 to 19 % over six seeds, all with a fixed lag.
    expect(honest.lossShare).toBeGreaterThan(0.1);
    expect(honest.deliveredShare).toBe(1 - honest.lossShare);
    expect(honest.stalledPeers).toBe(12);
    expect(honest.stallMs).toBeGreaterThan(12 * 1000);
    expect(honest.stallMs).toBeLessThanOrEqual(12 * 17_000);
    expect(honest.longestStallMs).toBeGreaterThanOrEqual(honest.stallMs / honest.stalls);
  });

  test.each(['default', 'rarest-first', 'deadline'])('%s is no quicker than what knows everything', (picker) => {
    for (const seed of [1, 2, 3]) {
      const { honest } = runScenario({ ...LOSSY, policies: { picker } }, { seed }).classes;
      const { overPlainMultiple, overByStrengthMultiple, diffusionTau, plainTau } = honest as ClassFigures;
      for (const over of [overPlainMultiple, overByStrengthMultiple]) {
        expect(over.p50).toBeGreaterThan(1);
        expect(over.p99).toBeGreaterThan(1);
      }
      expect(overPlainMultiple.p95).toBe(diffusionTau.p95 / plainTau.p95);
    }
  });

  test('peers of different regions are as far from each other as the matrix says', () => {
    const [open] = smallScenario().peers;
    if (!open) throw new Error('no class');
    const peers = ['eu', 'us'].map((region) => ({ ...open, name: region, region }));
    const matrix = {
      regions: ['eu', 'us'],
      ms: [
        [10, 45],
        [50, 20],
      ],
    };
    const scenario = smallScenario({
      peers,
      links: { oneWayDelayMs: { matrix }, lossPerMillion: 0 },
      source: { upload: 4, region: 'eu' },
    });
    const run = new ScenarioRun(scenario, { seed: 1 });
    run.runUntil(1000);
    // The source and the first twelve viewers are in Europe.
    const regionOf = ({ number }: { readonly number: number }) => (number <= 12 ? 0 : 1);
    for (const { pipes } of run.swarm.members) {
      for (const { from, to, delayUs } of pipes.values())
        expect(delayUs / 1000).toBe(matrix.ms[regionOf(from)]?.[regionOf(to)]);
    }
    run.runUntil(Infinity);
    // 0.2 to 1.6 % over twelve seeds.
    expect(run.result().classes['us']?.lossShare).toBeLessThan(0.02);
  });

  test('who fed whom sums up to what was received, and bytes by kind to what was sent', () => {
    const run = new ScenarioRun(smallScenario({ measureFromSeconds: 0 }), { seed: 1 });
    run.runUntil(Infinity);
    const { fedBy, wireBytes } = run.result();
    const fed = [fedBy.classes, fedBy.hops, fedBy.peers?.pairs ?? []].map((series) =>
      series.flatMap(({ bytes }) => bytes).reduce((sum, bytes) => sum + bytes, 0),
    );
    const sum = (of: (member: (typeof run.swarm.members)[number]) => number) =>
      run.swarm.members.reduce((bytes, member) => bytes + of(member), 0);
    const received = sum(({ receivedVideoBytes }) => receivedVideoBytes);
    expect(fed).toEqual([received, received, received]);
    expect(wireBytes['payload']).toBe(sum(({ sentVideoBytes }) => sentVideoBytes));
    const all = Object.values(wireBytes).reduce((bytes, each) => bytes + each, 0);
    expect(all).toBe(sum(({ sentBytes }) => sentBytes));
  });
});
