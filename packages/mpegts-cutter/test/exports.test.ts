import { expect, test } from 'vitest';
import * as mpegtsCutter from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(mpegtsCutter).sort()).toEqual([
    'PACKET_BYTES',
    'createCutter',
    'createLoopRewriter',
    'createLooper',
    'createPcrPacer',
    'isTransportStream',
    'measureBitrate',
  ]);
});
