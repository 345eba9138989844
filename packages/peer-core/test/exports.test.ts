import { expect, test } from 'vitest';
import * as peerCore from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(peerCore).sort()).toEqual(['createPeer', 'createVodPeer', 'forecast', 'gapsBetween']);
});
