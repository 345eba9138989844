import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerClass, Scenario } from '../src/index.js';
import type { Order } from '../src/reference/choice.js';
import { ReferenceModel } from '../src/reference/model.js';
import { referencesOf } from '../src/references.js';
import { smallScenario } from './small-scenario.js';

const PIECE_MS = 131.072;
const DELAY_MS = 20;
const SEED = 3;

function reach(changes: Partial<Scenario>, seed = SEED) {
  const scenario = smallScenario({ lagSeconds: 3, ...changes });
  const { honest, ...classes } = referencesOf(scenario, { seed }, scenario.seconds * 1000);
  if (!honest) throw new Error('no honest viewers');
  return { ...classes, honest };
}

function viewers(changes: Partial<PeerClass>): PeerClass {
  return { name: 'viewers', count: 12, upload: 2, download: 100, behaviour: 'honest', ...changes };
}

describe('the references agree with arithmetic', () => {
  test('one viewer: a transfer and a delay', () => {
    const { honest } = reach({ peers: [viewers({ count: 1 })] });
    expect(honest.plainTau.p50 * PIECE_MS).toBeCloseTo(Math.floor(PIECE_MS / 4 + DELAY_MS), -0.5);
    expect(honest.plainLossShare).toBe(0);
  });

  test('free-riders are served one after the other, and the source leaves out what it cannot send', () => {
    const [three, eight] = [3, 8].map((count) => {
      const peers = [viewers({ count, behaviour: 'free-rider' })];
      return referencesOf(smallScenario({ peers, lagSeconds: 3, neighbours: 20 }), { seed: SEED }, 10_000)['viewers'];
    });
    expect(Math.abs((three?.plainTau.max ?? 0) * PIECE_MS - (0.75 * PIECE_MS + DELAY_MS))).toBeLessThan(2);
    expect(three?.plainLossShare).toBe(0);
    expect(Math.abs((eight?.plainLossShare ?? 0) - 0.5)).toBeLessThan(0.03);
  });

  test('a lost piece takes another transfer, and none is lost for good', () => {
    const links = { oneWayDelayMs: DELAY_MS, lossPerMillion: 100_000 };
    const lossy = reach({ peers: [viewers({ count: 1 })], links });
    expect(lossy.honest.plainLossShare).toBe(0);
    expect(lossy.honest.plainTau.p50).toBeLessThan(0.45);
    expect(lossy.honest.plainTau.max * PIECE_MS).toBeGreaterThanOrEqual(Math.floor(PIECE_MS / 2 + 2 * DELAY_MS));
  });

  test('a narrow downlink is in the way', () => {
    const { honest } = reach({ peers: [viewers({ count: 1, download: 1.25 })] });
    expect(honest.plainTau.p50).toBeGreaterThan(0.8);
  });
});

describe('laws', () => {
  test('same seed ⇒ same figures, another seed ⇒ others', () => {
    expect(reach({})).toEqual(reach({}));
    expect(reach({}, 4)).not.toEqual(reach({}));
  });

  test('where all have the same upload, the order by strength is the plain one', () => {
    const tauOf = (order: Order, peers: PeerClass[]) => {
      const model = new ReferenceModel(smallScenario({ peers, lagSeconds: 3 }), SEED, order, undefined);
      model.runToEnd(10_000);
      return { isEven: model.isEven, figures: model.tallies.map((tally) => tally.figures(PIECE_MS, 0)) };
    };
    const even = [viewers({ upload: 1.2 })];
    expect(tauOf('plain', even).isEven).toBe(true);
    expect(tauOf('byStrength', even)).toEqual(tauOf('plain', even));
    const uneven = [viewers({ count: 6, upload: 0.5 }), viewers({ count: 6, upload: 2, name: 'strong' })];
    expect(tauOf('plain', uneven).isEven).toBe(false);
    expect(tauOf('byStrength', uneven)).not.toEqual(tauOf('plain', uneven));
  });

  test('nobody has a piece sooner than by doubling, and nothing is lost where there is upload to spare', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.double({ min: 1.4, max: 4, noNaN: true }),
        fc.double({ min: 2, max: 6, noNaN: true }),
        fc.nat({ max: 1000 }),
        (count, upload, sourceUpload, seed) => {
          const links = { oneWayDelayMs: 0, lossPerMillion: 0 };
          const { honest } = reach(
            { peers: [viewers({ count, upload })], source: { upload: sourceUpload }, links, seconds: 6 },
            seed,
          );
          for (const { max, p50 } of [honest.plainTau, honest.byStrengthTau]) {
            const fastest = Math.max(upload, sourceUpload);
            // A millisecond is the unit of what is counted.
            expect(max).toBeGreaterThanOrEqual(Math.log2(count + 1) / fastest - 1 / PIECE_MS);
            expect(p50).toBeGreaterThanOrEqual(1 / fastest - 1 / PIECE_MS);
          }
          expect([honest.plainLossShare, honest.byStrengthLossShare]).toEqual([0, 0]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('where uplinks are alike both orders are one', () => {
    const { honest } = reach({});
    expect(honest.byStrengthTau).toEqual(honest.plainTau);
  });

  test('where they differ, the strong first is quicker', () => {
    const peers = [
      viewers({ name: 'strong', count: 20, upload: 3 }),
      viewers({ name: 'weak', count: 20, upload: 0.3 }),
    ];
    const { honest } = reach({ peers });
    expect(honest.byStrengthTau.p95).toBeLessThan(honest.plainTau.p95);
  });

  test('who harms takes nothing, and who leaves no longer counts', () => {
    const alone = reach({ peers: [viewers({ count: 1 })] });
    const harmed = reach({
      peers: [viewers({ count: 1 }), viewers({ name: 'stallers', count: 12, behaviour: 'staller' })],
    });
    expect(harmed.honest).toEqual(alone.honest);
    const events = [{ atSeconds: 5, leave: { of: 'viewers', share: 0.5 } }];
    expect(reach({ events }).honest.plainLossShare).toBe(0);
  });

  test('a piece of the video more than the ring of bits holds is none of the older ones', () => {
    const { honest } = reach({ seconds: 60, peers: [viewers({ count: 3 })] });
    expect(honest.plainLossShare).toBe(0);
    expect(honest.plainTau.max).toBeLessThan(3);
  });
});
