import { expect, test } from 'vitest';
import * as compliance from '../src/compliance.js';
import * as piecePicker from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(piecePicker).sort()).toEqual([
    'WANTS_MAX',
    'bitos',
    'deadline',
    'giveToGet2008',
    'inOrder',
    'newestFirst',
    'pickers',
    'random',
    'rarestFirst',
    'swarmplayerLive',
  ]);
  expect(Object.keys(compliance).sort()).toEqual(['checkPicker', 'describePicker']);
});

test('every strategy has a name', () => {
  expect(Object.keys(piecePicker.pickers).sort()).toEqual([
    'bitos',
    'deadline',
    'default',
    'give-to-get-2008',
    'in-order',
    'random',
    'rarest-first',
    'swarmplayer-live',
  ]);
});
