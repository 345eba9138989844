import { expect, test } from 'vitest';
import * as exported from '../src/index.js';
import { reciprocal } from '../src/index.js';

const facts = (id: number, receivedBytes: number, sentBytes = 0) => ({
  id,
  receivedBytes,
  sentBytes,
  connectedMs: 1000,
});

test('ranks by what a neighbour gave to us, whatever it took', () => {
  expect(reciprocal.rank([facts(1, 100, 900), facts(2, 300), facts(3, 0, 9999)])).toEqual([100, 300, 0]);
});

test('ranks nobody when there is nobody', () => expect(reciprocal.rank([])).toEqual([]));

test('what the package exports', () => {
  expect(Object.keys(exported).sort()).toEqual(['FACTS_MS', 'reciprocal']);
});
