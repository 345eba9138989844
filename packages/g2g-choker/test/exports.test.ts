import { expect, test } from 'vitest';
import * as choker from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(choker).sort()).toEqual(['FACTS_MS', 'reciprocal']);
});
