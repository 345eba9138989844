import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { formatMagnet, parseMagnet } from '../src/index.js';

const letters = fc.constantFrom(...'abcXYZ019 -_()é東🎥<>"&\'`$|*?');
const line = (max: number) => fc.array(letters, { minLength: 1, maxLength: max }).map((parts) => parts.join(''));
const url = fc.stringMatching(/^[a-z0-9.-]{1,30}$/).map((host) => `https://${host}/films/`);
const endpoint = fc
  .tuple(fc.constantFrom('192.0.2.1', '[2001:db8::1]', 'peer.example'), fc.integer({ min: 1, max: 65535 }))
  .map(([host, port]) => `${host}:${port}`);
const magnet = fc.record(
  {
    infohash: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    trackers: fc.constant<string[]>([]),
    name: line(40),
    peers: fc.uniqueArray(endpoint, { minLength: 1, maxLength: 32 }),
    webSeeds: fc.uniqueArray(url, { minLength: 1, maxLength: 32 }),
    fileIndices: fc
      .uniqueArray(fc.oneof(fc.nat(20), fc.nat(32767)), { minLength: 1, maxLength: 200 })
      .map((list) => list.sort((a, b) => a - b)),
  },
  { requiredKeys: ['infohash', 'trackers'] },
);
test.prop([magnet])('parse(format(x)) ≡ x, with peers, web seeds and files', (value) => {
  expect(parseMagnet(formatMagnet(value))).toEqual({ ok: true, value });
});

it('overlapping ranges in a magnet link cost no more than one', () => {
  const link = `magnet:?xt=urn:btih:${'0'.repeat(40)}&so=${'0-32767,'.repeat(2000)}`;
  const parsed = parseMagnet(link);
  expect(parsed.ok && parsed.value.fileIndices?.length).toBe(32768);
});

it.each<[string, object]>([
  ['a peer without port', { peers: ['192.0.2.1'] }],
  ['a peer twice', { peers: ['a:1', 'a:1'] }],
  ['a web seed of another scheme', { webSeeds: ['udp://a:1'] }],
  ['files that fall', { fileIndices: [2, 1] }],
  ['a file too far', { fileIndices: [32_768] }],
])('a magnet link with %s throws', (_, change) => {
  expect(() => formatMagnet({ infohash: new Uint8Array(20), trackers: [], ...change })).toThrow(RangeError);
});
