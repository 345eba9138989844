import { describe, expect, test } from 'vitest';
import { parseScenario } from '../src/index.js';
import { smallScenario } from './small-scenario.js';

type Json = Record<string, unknown>;

/** The small scenario as JSON, with one place of it changed. */
function changed(path: string, value: unknown): Json {
  const json = JSON.parse(JSON.stringify(smallScenario())) as Json;
  const steps = path.split('.');
  const last = steps.pop() as string;
  let at = json;
  for (const step of steps) at = (at[step] ??= {}) as Json;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return json;
}

test('what a scenario says comes through as it stands', () => {
  const scenario = smallScenario();
  expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual({ ok: true, value: scenario });
});

test('who says nothing of behaviour is honest', () => {
  const parsed = parseScenario(changed('peers.0.behaviour', undefined));
  expect(parsed.ok && parsed.value.peers[0]?.behaviour).toBe('honest');
});

test.each([
  ['peers.0.arrive', { atSeconds: 2 }],
  ['peers.0.arrive', { atSeconds: 2, flashSeconds: 10 }],
  ['peers.0.arrive', { atSeconds: 0, poissonPerSecond: 3 }],
  ['peers.0.arrive', { atSecondsEach: Array.from({ length: 12 }, (_, i) => i) }],
  ['peers.0.stay', 20],
  ['peers.0.upload', { uniform: [1, 2] }],
  ['peers.0.download', { values: [4, 8] }],
  ['peers.0.stay', { exponential: { mean: 30 } }],
  ['peers.0.stay', { weibull: { shape: 0.6, scale: 40 } }],
  ['links.oneWayDelayMs', { uniform: [5, 80] }],
  ['links.oneWayDelayMs', { logNormal: { median: 25, sigma: 0.5 } }],
  ['links.oneWayDelayMs', { values: [10, 20, 120] }],
  [
    'links.oneWayDelayMs',
    {
      matrix: {
        regions: ['eu', 'us'],
        ms: [
          [10, 45],
          [{ uniform: [40, 60] }, 20],
        ],
      },
    },
  ],
  ['links.oneWayDelayMs', { matrix: { file: 'king.csv', times: 0.5 } }],
  ['video.pieces', [8000, 16_384, 4000]],
  ['policies', { picker: 'rarest-first' }],
  ['events', [{ atSeconds: 5, leave: { of: 'viewers', share: 0.5 } }]],
  ['bounds', [{ metric: 'diffusionTau.p99', atMost: 20 }]],
  ['bounds', [{ metric: 'overheadShare', of: 'run', atMost: 0.05 }]],
  ['bounds', [{ metric: 'lossShare', of: 'viewers', atLeast: { times: 3, of: 'honest' } }]],
  ['bounds', [{ metric: 'startUpMs.p50', atMost: { times: 1.5, of: 'all', metric: 'lagMs.p50' } }]],
])('%s may be %j', (path, value) => {
  expect(parseScenario(changed(path, value)).ok).toBe(true);
});

describe('a fault names the place and what was expected there', () => {
  test.each([
    ['seconds', 'ten', 'seconds', 'a number from 1 to 86400', 'got "ten"'],
    ['seconds', undefined, 'seconds', 'a number from 1 to 86400', 'got nothing'],
    ['peers.0.count', 1.5, 'peers.0.count', 'a whole number from 0 to 100000', 'got 1.5'],
    ['peers.0.upload', -1, 'peers.0.upload', 'a number from 0.001 to 1000000', 'got -1'],
    ['peers.0.upload', 'much', 'peers.0.upload', 'a number from 0.001 to 1000000', 'got "much"'],
    ['peers.0.upload', { uniform: [0, 2] }, 'peers.0.upload.uniform.0', /^a number from 0.001/, 'got 0'],
    ['peers.0.upload', { gauss: 2 }, 'peers.0.upload', /or an object with uniform or values$/, 'got {"gauss":2}'],
    ['peers.0.behaviour', 'kind', 'peers.0.behaviour', /^one of honest, free-rider, /, 'got "kind"'],
    ['peers', [], 'peers', 'a list of 1 to 100', 'got []'],
    ['colour', 'red', 'colour', /^no key but title, about, seconds, /, 'got "red"'],
    ['video.fps', 25, 'video.fps', 'no key but bitsPerSecond, pieceBytes, entryEverySeconds, pieces', 'got 25'],
    ['peers.0.arrive', 'soon', 'peers.0.arrive', /^an object with flashSeconds, /, 'got "soon"'],
    ['peers.0.arrive', { flashSeconds: 5 }, 'peers.0.arrive.atSeconds', 'a number from 0 to 86400', 'got nothing'],
    ['peers.0.stay', { gauss: 3 }, 'peers.0.stay', /^a number, or an object with uniform, /, 'got {"gauss":3}'],
    ['peers.0.stay', { exponential: { men: 3 } }, 'peers.0.stay.exponential.mean', /^a number from 0/, 'got nothing'],
    ['links.oneWayDelayMs', 'far', 'links.oneWayDelayMs', /^a number, or an object with .*, matrix$/, 'got "far"'],
    ['links.oneWayDelayMs', { matrix: 3 }, 'links.oneWayDelayMs.matrix', /^an object with regions and ms/, 'got 3'],
    [
      'links.oneWayDelayMs',
      { matrix: { regions: ['eu'], ms: [['x']] } },
      'links.oneWayDelayMs.matrix.ms.0.0',
      /^a number, or/,
      'got "x"',
    ],
    [
      'links.oneWayDelayMs',
      { matrix: { ms: [[3]] } },
      'links.oneWayDelayMs.matrix.regions',
      'a list of 1 to 100',
      'got nothing',
    ],
    ['links.oneWayDelayMs', { matrix: { file: '' } }, 'links.oneWayDelayMs.matrix.file', 'a text', 'got ""'],
    ['peers.0.region', 7, 'peers.0.region', /^a region's name, or /, 'got 7'],
    ['peers.0.stay', { uniform: [3] }, 'peers.0.stay.uniform', 'the lowest and the highest number', 'got [3]'],
  ])('%s = %j', (path, value, where, expected, reason) => {
    const parsed = parseScenario(changed(path, value));
    expect(parsed).toEqual({ ok: false, path: where, expected: expect.stringMatching(expected), reason });
  });

  test.each([[null], [7], [[]], ['scenario']])('%j is none', (json) => {
    const expected = expect.stringMatching(/^an object with title, about, /);
    expect(parseScenario(json)).toMatchObject({ ok: false, path: '', expected });
  });
});

describe('a film', () => {
  const film = { bitsPerSecond: 500_000, pieceBytes: 32_768, onDemand: { seconds: 60 } };
  const onDemand = (path: string, value: unknown): Json => {
    const json = changed('video', film);
    const peer = (json['peers'] as Json[])[0] as Json;
    if (path.startsWith('peers.0.')) peer[path.slice('peers.0.'.length)] = value;
    else if (path.startsWith('video.')) json['video'] = { ...film, [path.slice('video.'.length)]: value };
    else json[path] = value;
    return json;
  };

  test.each([
    ['video.pieceBytes', 16_777_216],
    ['video.onDemand', { seconds: 60, prebufferSeconds: 10 }],
    ['peers.0.stayAfter', 0],
    ['peers.0.stayAfter', { exponential: { mean: 30 } }],
    ['peers.0.seek', { afterSeconds: 5, toSeconds: { uniform: [20, 50] } }],
    ['peers.0.behaviour', 'free-rider'],
  ])('%s may be %j', (path, value) => {
    expect(parseScenario(onDemand(path, value)).ok).toBe(true);
  });

  test.each([
    ['video.onDemand', {}, 'video.onDemand.seconds', /^a number from 1/],
    ['video.entryEverySeconds', 1, 'video.entryEverySeconds', 'no key but bitsPerSecond, pieceBytes, onDemand'],
    ['video.pieceBytes', 8192, 'video.pieceBytes', 'a whole number from 16384 to 16777216'],
    ['lagSeconds', 4, 'lagSeconds', 'nothing: nobody lags on demand'],
    ['peers.0.behaviour', 'polluter', 'peers.0.behaviour', /^one of honest, slow, free-rider, as/],
    ['peers.0.seek', { afterSeconds: 5 }, 'peers.0.seek.toSeconds', /^a number, or an object/],
  ])('%s = %j', (path, value, where, expected) => {
    const found = { ok: false, path: where, expected: expect.stringMatching(expected) };
    expect(parseScenario(onDemand(path, value))).toMatchObject(found);
  });

  test.each([
    ['peers.0.stayAfter', 5, 'peers.0.stayAfter', 'nothing: live video has no end'],
    ['peers.0.seek', { afterSeconds: 1, toSeconds: 2 }, 'peers.0.seek', 'nothing: nobody seeks in live video'],
  ])('live video has no %s', (path, value, where, expected) => {
    expect(parseScenario(changed(path, value))).toMatchObject({ ok: false, path: where, expected });
  });
});

describe('the parts of a scenario fit together', () => {
  const twin = { name: 'viewers', count: 1, upload: 1, download: 1 };
  test.each([
    ['measureFromSeconds', 10, 'measureFromSeconds', 'less than seconds, 10'],
    ['video.pieces', [100, 20_000], 'video.pieces.1', 'at most pieceBytes, 16384'],
    ['peers.1', twin, 'peers.1.name', 'a name that no other class has'],
    ['peers.0.name', 'honest', 'peers.0.name', 'a name other than honest, all, source, run'],
    ['peers.1', { ...twin, name: 's', role: 'seed', behaviour: 'staller' }, 'peers.1.behaviour', /^honest/],
    ['peers.0.arrive', { atSecondsEach: [1] }, 'peers.0.arrive.atSecondsEach', 'a time for each of 12 peers'],
    ['events', [{ atSeconds: 1, leave: { of: 'x', share: 1 } }], 'events.0.leave.of', 'one of viewers, honest, all'],
    ['bounds', [{ metric: 'lossShare', of: 'x', atMost: 1 }], 'bounds.0.of', 'one of viewers, honest, all, run'],
    ['bounds', [{ metric: 'loss', atMost: 1 }], 'bounds.0.metric', /^one of peers, stalls, /],
    ['bounds', [{ metric: 'lossShare', of: 'run', atMost: 1 }], 'bounds.0.metric', /^one of overheadShare, /],
    ['bounds', [{ metric: 'lossShare' }], 'bounds.0', 'atLeast or atMost'],
    ['bounds', [{ metric: 'lossShare', atMost: { times: 1, of: 'x' } }], 'bounds.0.atMost.of', /^one of viewers, /],
    ['bounds', [{ metric: 'lossShare', atMost: { times: 1, of: 'run' } }], 'bounds.0.atMost.metric', /^one of over/],
    ['bounds', [{ metric: 'peers', atLeast: { of: 'all' } }], 'bounds.0.atLeast.times', /^a number from /],
    [
      'bounds',
      [{ metric: 'peers', atLeast: '3' }],
      'bounds.0.atLeast',
      'a number, or an object with times, of, metric',
    ],
    ['lagSeconds', 4.75, 'seconds', /^at least 10.5, so that something is due: /],
    ['lagSeconds', 6, 'seconds', /^at least 13, /],
  ])('%s = %j', (path, value, where, expected) => {
    const parsed = parseScenario(changed(path, value));
    expect(parsed).toMatchObject({ ok: false, path: where, expected: expect.stringMatching(expected) });
  });
});

describe('regions fit the matrix', () => {
  const matrix = (regions: unknown, ms: unknown) => changed('links.oneWayDelayMs', { matrix: { regions, ms } });
  const two = matrix(
    ['eu', 'us'],
    [
      [10, 45],
      [45, 20],
    ],
  );
  const peersIn = (region: unknown) => ({ ...two, peers: [{ ...smallScenario().peers[0], region }] });

  test.each([
    [matrix(['eu', 'eu'], [[1], [1]]), 'links.oneWayDelayMs.matrix.regions.1', 'a name that no other region has'],
    [matrix(['eu', 'us'], [[1, 2]]), 'links.oneWayDelayMs.matrix.ms', 'a row for each of 2 regions'],
    [matrix(['eu', 'us'], [[1, 2], [3]]), 'links.oneWayDelayMs.matrix.ms.1', 'a delay to each of 2 regions'],
    [peersIn('asia'), 'peers.0.region', 'one of eu, us'],
    [peersIn({ eu: 1, asia: 2 }), 'peers.0.region.asia', 'no region but eu, us'],
    [peersIn({ eu: 0, us: 0 }), 'peers.0.region', 'a share above 0'],
    [{ ...two, source: { upload: 4, region: 'asia' } }, 'source.region', 'one of eu, us'],
    [changed('peers.0.region', 'eu'), 'peers.0.region', /^nothing, as there is no matrix with regions/],
  ])('%#', (json, path, expected) => {
    expect(parseScenario(json)).toMatchObject({ ok: false, path, expected: expect.stringMatching(expected) });
  });

  test.each([['eu'], [{ eu: 1, us: 3 }], [{ us: 1 }]])('peers may be in %j', (region) => {
    expect(parseScenario(peersIn(region)).ok).toBe(true);
  });
});
