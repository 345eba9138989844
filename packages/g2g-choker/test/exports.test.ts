import { expect, test } from 'vitest';
import * as compliance from '../src/compliance.js';
import * as choker from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(choker).sort()).toEqual([
    'FACTS_MS',
    'chokers',
    'earn',
    'fade',
    'giveToGet2008',
    'openAccount',
    'reciprocal',
    'roundRobin',
    'titForTat',
    'vouch',
    'witness',
  ]);
  expect(Object.keys(compliance).sort()).toEqual(['checkChoker', 'describeChoker']);
});

test('every choker has a name', () => {
  expect(Object.keys(choker.chokers).sort()).toEqual([
    'default',
    'give-to-get-2008',
    'round-robin',
    'tit-for-tat',
    'witness',
  ]);
});
