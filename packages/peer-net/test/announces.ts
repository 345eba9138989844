import type { Announce } from '../src/tracker.js';

export function announceOf(overrides: Partial<Announce> = {}): Announce {
  return {
    // Bytes that have to be escaped, and some that must not be.
    infohash: Uint8Array.from({ length: 20 }, (_, at) => at * 13),
    peerId: Uint8Array.from({ length: 20 }, (_, at) => 255 - at * 12),
    port: 6881,
    event: 'started',
    upBytes: 2 ** 40,
    downBytes: 3,
    leftBytes: 1000,
    peersWanted: 50,
    ...overrides,
  };
}
