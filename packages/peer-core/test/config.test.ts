/** What a peer can't be made from, or told by its own driver. */
import { roundRobin } from '@tstream/g2g-choker';
import { vodInOrder } from '@tstream/piece-picker';
import { describe, expect, test } from 'vitest';
import { createPeer, createVodPeer, type PeerConfig } from '../src/index.js';
import { config } from './loop.js';
import { Stage } from './stage.js';

const wrong: [keyof PeerConfig, number, string][] = [
  ['windowPieces', 0, 'expected windowPieces as a whole number 1..536870912, got 0'],
  ['ringPieces', 399, 'expected ringPieces as a whole number 400..9007199254740991, got 399'],
  ['keepPieces', 101, 'expected keepPieces as a whole number 1..100, got 101'],
  ['pieceBytes', 131_073, 'expected pieceBytes as a whole number 1..131072, got 131073'],
  ['lagMs', -1, 'expected lagMs as a whole number 0..9007199254740991, got -1'],
  ['uploadBytesPerSecond', 0, 'expected a limit above 0 bytes per second, got 0'],
  ['uploadBytesPerSecond', Number.NaN, 'expected a limit above 0 bytes per second, got NaN'],
];

describe('a live peer', () => {
  test.each(wrong)('is not made with %s of %d', (name, value, message) => {
    expect(() => createPeer(config('viewer', { [name]: value }), 0)).toThrow(new RangeError(message));
  });

  test('takes no limit of nothing later on', () => {
    const limit = { type: 'uploadLimit', bytesPerSecond: 0 } as const;
    expect(() => new Stage('source').tell(limit)).toThrow(/limit above 0/);
  });
});

test('an on-demand peer is not made with limits of nothing', () => {
  const facts = { lengthBytes: 100, pieceBytes: 100, held: new Uint8Array(1), random: () => 0 };
  const policies = { picker: vodInOrder, choker: roundRobin };
  const made = (uploadBytesPerSecond: number, downloadBytesPerSecond: number) =>
    createVodPeer({ ...facts, ...policies, uploadBytesPerSecond, downloadBytesPerSecond }, 0);
  expect(() => made(0, Infinity)).toThrow(/limit above 0/);
  expect(() => made(Infinity, -1)).toThrow(/limit above 0/);
  expect(made(1, Infinity).nextDeadlineMs).toBe(Infinity);
});
