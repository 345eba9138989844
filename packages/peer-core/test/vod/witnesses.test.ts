/** WITNESS on demand: said to those who can use it, believed as far as it can be checked. */
import type { NeighbourFacts } from '@tstream/g2g-choker';
import { type Message, peerName } from '@tstream/wire-ext';
import { expect, test } from 'vitest';
import { peerId } from '../loop.js';
import { VodStage } from './stage.js';
import { atRandom, BLOCK, PIECE, VodSwarm, vodConfig, whole } from './swarm.js';

const name = (connection: number) => peerName(peerId(`neighbour ${connection}`));
const witness = (reports: { name: string; bitmap: Uint8Array }[], names: string[] = []): Message =>
  ({ type: 'witness', run: 0, base: 0, names, reports }) as const;

test('who delivered a piece is told to those who know it, after three seconds', () => {
  const stage = new VodStage(3);
  for (const one of [1, 2, 3]) {
    stage.join(one);
    stage.tell({ type: 'extended', connection: one, witnesses: one !== 3 });
  }
  stage.hear(2, witness([], [name(1)]));
  stage.hear(1, { type: 'have-all' });
  stage.hear(1, { type: 'unchoke' });
  for (let block = 0; block < 4; block++) stage.block(1, 0, block);
  stage.tell({ type: 'verified', index: 0, ok: true });
  expect(stage.pass(3000).filter((words) => words.includes('witness'))).toEqual([
    `to 1: witness, ${name(2)}, ${name(3)}`,
    `to 2: witness, ${name(1)}, ${name(3)}, 0/128 from ${name(1)}`,
  ]);
});

/** Neighbours 1 and 2 each got piece 0 of us, or of each other; the choker tells what it is shown. */
function shownOf(given: boolean, has: boolean, gave: boolean): NeighbourFacts | undefined {
  let facts: readonly NeighbourFacts[] = [];
  const choker = {
    rank: (shown: readonly NeighbourFacts[]) => {
      facts = shown;
      return shown.map(() => 0);
    },
  };
  const held = whole(40).fill(0, 20);
  const stage = new VodStage(40, { held, choker, uploadBytesPerSecond: 60_000 });
  for (let one = 1; one <= 7; one++) {
    stage.join(one);
    stage.tell({ type: 'extended', connection: one, witnesses: true });
    stage.hear(one, { type: 'interested' });
  }
  if (given) {
    for (let block = 0; block < 4; block++)
      stage.hear(1, { type: 'request', index: 0, begin: block * BLOCK, length: BLOCK });
    stage.pass(3000);
  }
  if (has) stage.hear(2, { type: 'have', index: 0 });
  if (gave) {
    // What fills its purse: a tenth of ten pieces.
    for (let index = 20; index < 30; index++) stage.hear(2, { type: 'have', index });
    const asked = stage.hear(2, { type: 'unchoke' });
    while (asked.length > 0) {
      const [, index, begin] = /request (\d+)\+(\d+)/.exec(asked.shift() as string) ?? [];
      if (index === undefined) continue;
      const more = stage.block(2, Number(index), Number(begin) / BLOCK);
      for (const words of more)
        if (words.startsWith('verify')) asked.push(...stage.tell({ type: 'verified', index: Number(index), ok: true }));
      asked.push(...more);
    }
  }
  stage.hear(2, witness([{ name: name(1), bitmap: new Uint8Array([0x80]) }]));
  stage.hear(2, witness([{ name: name(1), bitmap: new Uint8Array([0x80]) }]));
  // Slots were looked at after a second.
  stage.pass(11_000 - stage.nowMs);
  return facts.find(({ id }) => id === 1);
}

const credited = (...how: Parameters<typeof shownOf>): number => shownOf(...how)?.forwardedBytes ?? 0;

test('a neighbour is credited what it passed on, as far as the witness has given', () => {
  expect(credited(true, true, true)).toBeGreaterThan(PIECE / 4);
  expect(credited(true, true, true)).toBeLessThanOrEqual(PIECE);
});

test.each([
  { given: false, has: true, gave: true, why: 'we never gave it the piece' },
  { given: true, has: false, gave: true, why: 'the witness does not hold it' },
  { given: true, has: true, gave: false, why: 'the witness gave us nothing' },
])('and nothing if $why', ({ given, has, gave }) => {
  expect(credited(given, has, gave)).toBe(0);
});

test.each([
  { given: true, gave: false, why: 'the witness gave us nothing' },
  { given: false, gave: false, why: 'it did not have the piece from us' },
])('what a witness holds is told of the one who gave it, once, although $why', ({ given, gave }) => {
  const told = shownOf(given, true, gave)?.toldBytes ?? 0;
  expect(told).toBeGreaterThan(PIECE / 2);
  expect(told).toBeLessThanOrEqual(PIECE);
});

test('of what the witness does not hold nothing is told', () => {
  expect(shownOf(true, false, true)?.toldBytes).toBe(0);
});

test('a swarm of ours speaks of itself, a mixed one only among those who understand', () => {
  const swarm = new VodSwarm();
  const add = (who: string, held: Uint8Array, witnesses: boolean) =>
    swarm.add(who, vodConfig(40, { held, picker: atRandom }), { bytesPerSecond: 3 * PIECE, witnesses });
  add('seed', whole(40), true);
  for (let i = 0; i < 3; i++) add(`ours ${i}`, new Uint8Array(40), true);
  const other = add('other', new Uint8Array(40), false);
  swarm.connectAll();
  swarm.runUntil(120_000, () => swarm.nodes.slice(1).every(({ completeMs }) => completeMs !== undefined));
  expect(swarm.nodes.map(({ counts }) => (counts.get('witness') ?? 0) > 0)).toEqual([true, true, true, true, false]);
  expect(other.closed).toEqual([]);
});
