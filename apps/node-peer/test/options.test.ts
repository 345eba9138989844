import { expect, test } from 'vitest';
import { readLag, readPeerOptions } from '../src/options.js';

const defaults = { peerPort: '0', maxPeers: '50' };

test('no options mean: everything found, no limit but the uplink', () => {
  expect(readPeerOptions(defaults)).toMatchObject({
    peerPort: 0,
    peersMax: 50,
    peers: [],
    discovery: true,
    uploadBitsPerSecondMax: Infinity,
    diskBytesMax: undefined,
    json: false,
  });
});

test('rates, sizes and addresses are read as people write them', () => {
  const given = {
    ...defaults,
    maxUpload: '3M',
    maxDisk: '64M',
    peer: ['127.0.0.1:7001', '[::1]:7002'],
    discovery: false,
  };
  expect(readPeerOptions(given)).toMatchObject({
    uploadBitsPerSecondMax: 3_000_000,
    diskBytesMax: 64 * 1024 * 1024,
    peers: [
      { host: '127.0.0.1', port: 7001 },
      { host: '::1', port: 7002 },
    ],
    discovery: false,
  });
});

test('no disk is written 0', () => expect(readPeerOptions({ ...defaults, maxDisk: '0' }).diskBytesMax).toBe(0));

test.each([
  [{ peer: ['nowhere'] }, /--peer 'nowhere' is not HOST:PORT/],
  [{ maxUpload: 'fast' }, /'fast' is not a rate/],
  [{ maxDisk: '-1' }, /'-1' is not a size/],
  [{ host: 'example' }, /--host 'example' is not an IP address/],
  [{ maxPeers: '0' }, /'0' is not a number/],
])('%j is refused in one line', (given, message) => {
  expect(() => readPeerOptions({ ...defaults, ...given })).toThrow(message);
});

test('a lag is a duration of at most ten minutes', () => {
  expect(readLag('1500ms')).toBe(1500);
  expect(readLag(undefined)).toBeUndefined();
  expect(() => readLag('1h')).toThrow(/longer than 10 minutes/);
});
