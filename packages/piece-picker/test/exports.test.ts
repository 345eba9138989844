import { expect, test } from 'vitest';
import * as piecePicker from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(piecePicker).sort()).toEqual(['WANTS_MAX', 'newestFirst']);
});
