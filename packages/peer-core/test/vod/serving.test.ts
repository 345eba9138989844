/** What neighbours ask for, and who gets it. */
import { describe, expect, test } from 'vitest';
import type { VodConfig } from '../../src/index.js';
import { VodStage } from './stage.js';
import { BLOCK, PIECE, VodSwarm, vodConfig, whole } from './swarm.js';

const request = (index: number, block: number) =>
  ({ type: 'request', index, begin: block * BLOCK, length: BLOCK }) as const;

function seed(over: Partial<VodConfig> = {}): VodStage {
  return new VodStage(100, { held: whole(100), ...over });
}

describe('requests', () => {
  test('are answered as soon as somebody interested was unchoked', () => {
    const stage = seed();
    stage.join(1);
    expect(stage.hear(1, { type: 'interested' })).toEqual(['to 1: unchoke']);
    expect(stage.hear(1, request(3, 1))).toEqual([`to 1: block 3+${BLOCK}, ${BLOCK} bytes`]);
    expect(stage.hear(1, { type: 'not-interested' })).toEqual(['to 1: choke']);
  });

  test('of who is choked are rejected, without BEP 6 dropped', () => {
    const stage = seed();
    for (const one of [1, 2]) stage.join(one, one === 1);
    expect(stage.hear(1, request(0, 0))).toEqual([`to 1: reject 0+0, ${BLOCK} bytes`]);
    expect(stage.hear(2, request(0, 0))).toEqual([]);
  });

  test('for what isn’t held are rejected', () => {
    const stage = new VodStage(2, { held: Uint8Array.from([1, 0]) });
    stage.join(1);
    stage.hear(1, { type: 'interested' });
    expect(stage.hear(1, request(1, 0))).toEqual([`to 1: reject 1+0, ${BLOCK} bytes`]);
  });

  test.each([
    { index: 100, begin: 0, length: BLOCK },
    { index: 99, begin: 3 * BLOCK + 1, length: BLOCK },
    { index: 0, begin: 2 ** 32 - 1, length: BLOCK },
  ])('beyond a piece send their sender away: $index+$begin', (range) => {
    const stage = seed();
    stage.join(1);
    stage.hear(1, { type: 'interested' });
    expect(stage.hear(1, { type: 'request', ...range })).toEqual(['close 1: malformed, banned']);
  });

  test('may be cancelled until their block went out', () => {
    const stage = seed();
    stage.join(1);
    stage.hear(1, { type: 'interested' });
    // Eight blocks fill the connection.
    for (let block = 0; block < 8; block++) stage.hear(1, request(0, block % 4));
    expect(stage.hear(1, request(5, 0))).toEqual([]);
    expect(stage.hear(1, { ...request(5, 0), type: 'cancel' })).toEqual([`to 1: reject 5+0, ${BLOCK} bytes`]);
    expect(stage.hear(1, request(6, 0))).toEqual([]);
    expect(stage.tell({ type: 'sent', connection: 1, blockBytes: BLOCK })).toEqual([`to 1: block 6+0, ${BLOCK} bytes`]);
  });

  test('are queued up to 512, then rejected, and who asks on and on is sent away', () => {
    const stage = seed();
    stage.join(1);
    stage.hear(1, { type: 'interested' });
    const words: string[] = [];
    for (let i = 0; i < 8 + 512; i++) words.push(...stage.hear(1, request(i % 100, i % 4)));
    expect(words).toHaveLength(8);
    expect(stage.peer.figures(0).neighbours[0]).toMatchObject({ requestsIn: 512 });
    for (let i = 0; i < 2048; i++)
      expect(stage.hear(1, request(1, 1))).toEqual([`to 1: reject 1+${BLOCK}, ${BLOCK} bytes`]);
    expect(stage.hear(1, request(1, 1))).toEqual(['close 1: flood, banned']);
  });

  test('of a piece that can’t be read any more are rejected', () => {
    const stage = seed();
    stage.join(1);
    stage.hear(1, { type: 'interested' });
    for (let block = 0; block < 8; block++) stage.hear(1, request(block < 2 ? 7 : 0, block % 4));
    stage.hear(1, request(7, 3));
    // Two were on their way out, which leaves room for the third.
    expect(stage.tell({ type: 'lost', index: 7 })).toEqual([
      `to 1: reject 7+${BLOCK}, ${BLOCK} bytes`,
      `to 1: reject 7+0, ${BLOCK} bytes`,
      `to 1: reject 7+${3 * BLOCK}, ${BLOCK} bytes`,
    ]);
  });

  test('are answered in turn, no faster than the limit', () => {
    const stage = seed({ uploadBytesPerSecond: 2 * BLOCK });
    for (const one of [1, 2]) {
      stage.join(one);
      stage.hear(one, { type: 'interested' });
    }
    const words: string[] = [];
    for (let block = 0; block < 4; block++)
      for (const one of [1, 2]) words.push(...stage.hear(one, request(one, block)));
    // A block is saved up; then one goes each half second.
    expect(words).toEqual([`to 1: block 1+0, ${BLOCK} bytes`]);
    expect(stage.pass(2000).filter((word) => word.includes('block'))).toEqual([
      `to 2: block 2+0, ${BLOCK} bytes`,
      `to 1: block 1+${BLOCK}, ${BLOCK} bytes`,
      `to 2: block 2+${BLOCK}, ${BLOCK} bytes`,
      `to 1: block 1+${2 * BLOCK}, ${BLOCK} bytes`,
    ]);
  });
});

const unchoked = (stage: VodStage) => stage.peer.figures(stage.nowMs).neighbours.filter(({ choked }) => !choked);

describe('choking', () => {
  test('serves four under a small limit, and one more for half a minute', () => {
    const stage = seed({ uploadBytesPerSecond: PIECE });
    for (let one = 1; one <= 8; one++) stage.join(one);
    const told = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((one) => stage.hear(one, { type: 'interested' }));
    expect(told).toEqual([1, 2, 3, 4].map((one) => `to ${one}: unchoke`));
    stage.pass(10_000);
    expect(unchoked(stage)).toHaveLength(5);
    stage.pass(60_000);
    expect(unchoked(stage)).toHaveLength(5);
  });

  test.each([
    { better: 0, served: 7, why: 'nobody is known to be better' },
    { better: 2, served: 5, why: 'four are served, and one more' },
    { better: 5, served: 6, why: 'all that are better, and one more' },
  ])(
    'of eight slots those that rank last fill up to four: with $better better ones of seven $why',
    ({ better, served }) => {
      const choker = { rank: (facts: readonly { id: number }[]) => facts.map(({ id }) => (id <= better ? 1 : 0)) };
      const stage = seed({ choker });
      for (let one = 7; one >= 1; one--) {
        stage.join(one);
        stage.hear(one, { type: 'interested' });
      }
      stage.pass(8000);
      // 4.4 MiB in ten seconds: half of the root of 0.6 × 450 is 8.2.
      for (let block = 0; block < 280; block++) {
        stage.hear(7, { type: 'request', index: 0, begin: 0, length: BLOCK });
        stage.tell({ type: 'sent', connection: 7, blockBytes: BLOCK });
      }
      stage.pass(3000);
      expect(unchoked(stage)).toHaveLength(served);
      expect(unchoked(stage).filter(({ connection }) => connection <= better)).toHaveLength(better);
    },
  );

  test('who comes while more than four are served is looked at within a second', () => {
    const stage = seed();
    for (let one = 1; one <= 5; one++) stage.join(one);
    for (let one = 1; one <= 4; one++) stage.hear(one, { type: 'interested' });
    stage.pass(2000);
    // 1.6 MiB in ten seconds: half of the root of 0.6 × 160 is 4.9.
    for (let block = 0; block < 100; block++) {
      stage.hear(1, request(0, 0));
      stage.tell({ type: 'sent', connection: 1, blockBytes: BLOCK });
    }
    expect(stage.hear(5, { type: 'interested' })).toEqual(['to 5: unchoke']);
  });

  test('ranks by merit, as it has an optimistic slot', () => {
    const byNumber = (facts: readonly { id: number }[]) => facts.map(({ id }) => id);
    const choker = { rank: (facts: readonly { id: number }[]) => byNumber(facts).map((id) => -id), merit: byNumber };
    const stage = seed({ choker });
    for (let one = 1; one <= 8; one++) {
      stage.join(one);
      stage.hear(one, { type: 'interested' });
    }
    stage.pass(11_000);
    expect(unchoked(stage).map(({ connection }) => connection)).toEqual(expect.arrayContaining([5, 6, 7, 8]));
  });

  /** Four that rank higher, then some of whom nothing is known: who of those has the optimistic slot, and out of how many lots. */
  function crowd(): { come: (id: number) => void; optimistic: () => number[]; lots: number[] } {
    const lots: number[] = [];
    const random = (below: number) => {
      lots.push(below);
      return below - 1;
    };
    const stage = seed({ choker: { rank: (facts) => facts.map(({ id }) => (id <= 4 ? 1 : 0)) }, random });
    const come = (id: number) => {
      stage.join(id);
      stage.hear(id, { type: 'interested' });
    };
    const optimistic = () => {
      stage.pass(10_000);
      return unchoked(stage).flatMap(({ connection }) => (connection > 4 ? [connection] : []));
    };
    for (let id = 1; id <= 4; id++) come(id);
    return { come, optimistic, lots };
  }

  test('the optimistic slot changes every thirty seconds, every ten while a newcomer was never served', () => {
    const { come, optimistic } = crowd();
    come(5);
    come(6);
    expect([optimistic(), optimistic(), optimistic(), optimistic()]).toEqual([[6], [5], [5], [5]]);
    come(7);
    expect([optimistic(), optimistic(), optimistic()]).toEqual([[7], [7], [7]]);
  });

  test('who has just come has three lots for the optimistic slot, six if it was never served', () => {
    const { come, optimistic, lots } = crowd();
    come(5);
    optimistic();
    for (let i = 0; i < 3; i++) optimistic();
    come(6);
    lots.length = 0;
    optimistic();
    expect(lots).toEqual([1 + 6]);
  });

  test('a slot that becomes free is taken', () => {
    const stage = seed({ uploadBytesPerSecond: 1000 });
    for (let one = 1; one <= 5; one++) {
      stage.join(one);
      stage.hear(one, { type: 'interested' });
    }
    expect(stage.tell({ type: 'left', connection: 2 })).toEqual(['to 5: unchoke']);
  });

  test('who gives is served, who gives nothing now and then', () => {
    const swarm = new VodSwarm();
    const pieces = 2400;
    // Six slots for twenty; a giver has what the peer lacks, and the other way round.
    const config = (held: Uint8Array) => vodConfig(pieces, { held, uploadBytesPerSecond: 4 * PIECE });
    const peer = swarm.add('peer', config(whole(pieces).fill(0, 400)));
    const names = Array.from({ length: 10 }, (_, i) => i);
    const takers = names.map((i) => swarm.add(`taker ${i}`, config(new Uint8Array(pieces))));
    const givers = names.map((i) => swarm.add(`giver ${i}`, config(whole(pieces).fill(0, 0, 400))));
    for (const other of [...takers, ...givers]) swarm.connect(peer, other);
    const got = (nodes: typeof givers) => nodes.reduce((sum, { name }) => sum + (peer.sentTo.get(name) ?? 0), 0);
    swarm.runUntil(20_000);
    const before = { givers: got(givers), takers: got(takers) };
    swarm.runUntil(200_000);
    const fromTakers = got(takers) - before.takers;
    expect(got(givers) - before.givers).toBeGreaterThan(3 * fromTakers);
    expect(fromTakers).toBeGreaterThan(0);
  });
});

test('two seeds have no need of each other: four are kept', () => {
  const stage = seed();
  for (let one = 1; one <= 6; one++) {
    stage.join(one);
    stage.hear(one, { type: 'have-all' });
  }
  expect(stage.pass(1000)).toEqual(['close 5: other', 'close 6: other']);
});
