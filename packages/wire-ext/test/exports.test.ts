import { expect, test } from 'vitest';
import * as plugin from '../src/bittorrent-protocol.js';
import * as wireExt from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(wireExt).sort()).toEqual([
    'CLOSE_REASONS',
    'DECLINE_REASONS',
    'DEFAULT_LIMITS',
    'Decoder',
    'LOCAL_EXTENSION_IDS',
    'encodeHandshake',
    'encodeMessage',
    'encodePieceHead',
    'encodedBytes',
    'peerName',
  ]);
  expect(Object.keys(plugin)).toEqual(['tsLive']);
});
