import { describe, expect, test } from 'vitest';
import { boundOutcomes, brokenBounds, describeOutcome } from '../src/bounds.js';
import { packetHeadsShare, wireShares } from '../src/figures.js';
import { limitsOf } from '../src/limits.js';
import { tellComparison } from '../src/tell-compare.js';
import { tellVariant } from '../src/tell-run.js';
import { tellSweep } from '../src/tell-sweep.js';
import { quantiles, resultOf, SCENARIO, studyOf, variantOf, withHonest } from './studies.js';

const [bound] = SCENARIO.bounds;
if (!bound) throw new Error('the scenario has a bound');
const seeds = [1, 2, 3];

describe('limitsOf', () => {
  test('N, ρ and u_s: free-riders watch and forward nothing', () => {
    expect(limitsOf(SCENARIO)).toEqual({ viewers: 12, rho: 1, sourceMultiple: 4, diffusionTau: 0.25 + Math.log2(12) });
  });

  test('where the upload does not carry the video there is no bound', () => {
    const [viewers] = SCENARIO.peers;
    const starved = { ...SCENARIO, peers: viewers ? [{ ...viewers, upload: 0.5 }] : [] };
    expect(limitsOf(starved).diffusionTau).toBeUndefined();
  });

  test('one viewer needs nobody but the source', () => {
    const [viewers] = SCENARIO.peers;
    const alone = { ...SCENARIO, peers: viewers ? [{ ...viewers, count: 1, upload: 0 }] : [] };
    expect(limitsOf(alone).diffusionTau).toBe(0.25);
  });
});

describe('bounds', () => {
  test('the worst seed is named, broken or not', () => {
    const held = variantOf(
      '',
      seeds.map((seed) => withHonest(seed, { lossShare: seed === 2 ? 0.009 : 0 })),
    );
    expect(boundOutcomes(held)).toEqual([{ bound, held: true, worstSeed: 2, found: 0.009, limits: [0.01], broken: 0 }]);
    expect(brokenBounds(studyOf('run', [held]))).toBeUndefined();
    const results = seeds.map((seed) =>
      resultOf(seed, { failedBounds: seed === 1 ? [] : [{ bound, found: 0.01 * seed }] }),
    );
    expect(brokenBounds(studyOf('run', [variantOf('', results)]))).toBe(
      'a bound did not hold: lossShare of honest at most 1.00 %: worst 3.00 % with seed 3, 2 seeds broke it',
    );
  });

  test('a run that was ended early is not judged, neither way', () => {
    const early = variantOf('', [resultOf(1, { virtualSeconds: 4, failedBounds: [{ bound, found: 0.5 }] })]);
    expect(boundOutcomes(early)).toEqual([]);
    expect(brokenBounds(studyOf('run', [early]))).toBeUndefined();
    expect(tellVariant(early, 120)).toContain('bounds are not judged');
  });

  test('a bound may hold one class against another', () => {
    const bounds = [{ metric: 'lossShare', of: 'free-riders', atLeast: { times: 3, of: 'honest' } }];
    const lost = (seed: number, riders: number, honest: number) => {
      const { classes } = resultOf(seed);
      const own = { ...classes, 'free-riders': { ...classes['honest'], lossShare: riders } };
      return resultOf(seed, { classes: { ...own, honest: { ...classes['honest'], lossShare: honest } } as never });
    };
    // The second seed's free-riders lose more than the first one's, and are nearer to the limit.
    const variant = variantOf('', [lost(1, 0.1, 0.01), lost(2, 0.2, 0.06)], { ...SCENARIO, bounds });
    const outcomes = boundOutcomes(variant);
    expect(outcomes).toMatchObject([{ held: true, worstSeed: 2, found: 0.2, limits: [expect.closeTo(0.18)] }]);
    expect(outcomes.map(describeOutcome)).toEqual([
      'lossShare of free-riders at least 3 × that of honest: worst 20.0 % (limit 18.0 %) with seed 2',
    ]);
  });

  test('a bound may be on the whole run', () => {
    const scenario = { ...SCENARIO, bounds: [{ metric: 'source.uploadMultiple', of: 'run', atLeast: 1 }] };
    const [outcome] = boundOutcomes(variantOf('', [resultOf(1)], scenario));
    expect(outcome).toMatchObject({ held: true, found: 3.1 });
  });
});

test('what the wire carried stands by its cost, as a share of the payload', () => {
  expect(wireShares([resultOf(1), resultOf(2)])).toEqual([
    { kind: 'offer', share: 0.02 },
    { kind: 'have', share: 0.008 },
  ]);
  expect(packetHeadsShare([resultOf(1), resultOf(2)])).toBe(0.03);
});

describe('tellVariant', () => {
  const text = tellVariant(
    variantOf(
      '',
      seeds.map((seed) => resultOf(seed)),
    ),
    120,
  );

  test('says what was run, each class, the source, the wire and the bounds', () => {
    expect(text).toContain('12 viewers, 20 s, 3 seeds; picker default; choker default');
    expect(text).toMatch(/^ +viewers +free-riders +all$/m);
    expect(text).toMatch(/^start-up, median +900 ms +900 ms +900 ms$/m);
    expect(text).toMatch(/^source's upload +3\.10 ×$/m);
    expect(text).toMatch(/^ {2}offer +2\.00 %$/m);
    expect(text).toContain('✓ lossShare of honest at most 1.00 %: worst 0.10 % with seed 1');
  });

  test('classes that do not fit the terminal go into a table below', () => {
    const narrow = tellVariant(variantOf('', [resultOf(1)]), 50);
    expect(narrow).toMatch(/^ +viewers +free-riders$/m);
    expect(narrow).toMatch(/^ +all$/m);
    for (const line of narrow.split('\n').filter((line) => line.includes('median')))
      expect(line.length).toBeLessThan(51);
  });

  test('one seed is named, with the hash that any replay has to have', () => {
    expect(tellVariant(variantOf('', [resultOf(4)]), 120)).toMatch(/seed 4;[^]*trace 0123456789abcdef$/);
  });
});

test('a sweep has a line a value', () => {
  const variants = ['1', '2'].map((label) =>
    variantOf(
      label,
      seeds.map((seed) => resultOf(seed)),
    ),
  );
  const text = tellSweep(studyOf('sweep', variants, 'source.upload'));
  expect(text).toMatch(/^source\.upload +start-up/m);
  expect(text).toMatch(/^1 +900 ms .* 3\.8 τ +held$/m);
});

test('a sweep over the number of viewers says from where to where it goes', () => {
  const [viewers] = SCENARIO.peers;
  if (!viewers) throw new Error('the scenario has viewers');
  const variants = [300, 10, 1000].map((count) =>
    variantOf(`${count}`, [resultOf(1)], { ...SCENARIO, peers: [{ ...viewers, count }] }),
  );
  expect(tellSweep(studyOf('sweep', variants, 'peers.viewers.count'))).toMatch(/\n10 to 1 000 viewers, 20 s, seed 1;/);
});

test('a comparison says of each figure who is better, and what is noise', () => {
  const a = variantOf(
    'ours',
    seeds.map((seed) => withHonest(seed, { lagMs: quantiles(1000 + seed) })),
  );
  const b = variantOf(
    'mine.ts',
    seeds.map((seed) => withHonest(seed, { startUpMs: quantiles(700 + seed), lagMs: quantiles(1003 - (seed % 2)) })),
  );
  const text = tellComparison(studyOf('compare', [a, b]));
  expect(text).toMatch(/^honest +A: ours +B: mine\.ts +B − A/m);
  expect(text).toMatch(/^start-up, median +900 ms +702 ms +-198 ms ± 2 +B is better$/m);
  expect(text).toMatch(/^behind live, median .* noise$/m);
  expect(text).toMatch(/^stalls +0 +0 +0 +the same$/m);
  expect(text).toContain('3 paired seeds');
});
