import { describe, expect, test } from 'vitest';
import { createAllKnowing, type World } from '../src/index.js';
import { offerOf, offersOf } from './tables.js';

/** A world in which neighbours really hold these pieces, written `A12`, and can send so much. */
function worldOf(held: readonly string[], uploads: readonly number[] = []): World {
  return {
    holds: (id, seq) => held.includes(`${String.fromCharCode(65 + id)}${seq}`),
    uploadOf: (id) => uploads[id] ?? 0,
  };
}

describe('the all-knowing reference', () => {
  const table = `
    here  ###
    A     ... 9
    B     ... 1
  `;

  test('offers the newest piece that is really lacking, whatever was said', () => {
    expect(offersOf(createAllKnowing(worldOf(['A2', 'B2', 'A0'])), table)).toBe('A1 B1 B0');
  });

  test('to a neighbour by chance', () => {
    const drawn = [0, 1].map((which) => offerOf(createAllKnowing(worldOf([])), table, { random: () => which }));
    expect(drawn).toEqual(['A2', 'B2']);
  });

  test('ordered by strength: to the one who really has most upload, whatever its rank', () => {
    expect(offersOf(createAllKnowing(worldOf([], [1, 5]), 'by-strength'), table)).toBe('B2 A2 B1 A1 B0 A0');
  });

  test('ordered by strength: a piece goes to the strongest of those that lack it', () => {
    expect(offerOf(createAllKnowing(worldOf(['B2'], [1, 5]), 'by-strength'), table)).toBe('A2');
  });

  test('at the source: what nobody has, oldest first', () => {
    expect(offersOf(createAllKnowing(worldOf(['A2', 'B1'])), table, { origin: true })).toMatch(/^A0 /);
  });

  test('offers nothing that would be declined', () => {
    expect(offerOf(createAllKnowing(worldOf(['A0', 'B0'])), 'here #\nA .\nB .')).toBe('nothing');
  });
});
