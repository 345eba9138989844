import { expect, test } from 'vitest';
import * as slidingWindow from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(slidingWindow).sort()).toEqual(['SeqSet', 'ringIndex', 'seqAtIndex']);
});
