import { expect, test } from 'vitest';
import * as compliance from '../src/compliance.js';
import * as piecePicker from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(piecePicker).sort()).toEqual([
    'SCAN_PIECES_MAX',
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
    'vodBitos',
    'vodDeadline',
    'vodGiveToGet2008',
    'vodInOrder',
    'vodPickers',
    'vodRandom',
    'vodRarestFirst',
  ]);
  expect(Object.keys(compliance).sort()).toEqual([
    'checkPicker',
    'checkVodPicker',
    'describePicker',
    'describeVodPicker',
  ]);
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
  expect(Object.keys(piecePicker.vodPickers).sort()).toEqual([
    'bitos',
    'default',
    'give-to-get-2008',
    'in-order',
    'random',
    'rarest-first',
  ]);
});
