import { describe, expect, test } from 'vitest';
import { linksOf } from '../src/links.js';
import { planStream } from '../src/plan.js';

const none = { pieceLength: undefined, windowMs: undefined, ringMs: undefined };

describe('a plan', () => {
  test.each([
    [64_000, 16_384],
    [1_000_000, 16_384],
    [2_000_000, 32_768],
    [20_000_000, 131_072],
    [undefined, 32_768],
  ])('at %s bit/s has pieces of %d bytes', (bitsPerSecond, bytes) => {
    expect(planStream(none, bitsPerSecond).pieceLength).toBe(bytes);
  });

  test('has a ring of at least four windows', () => {
    const { ringPieces, windowPieces } = planStream({ ...none, windowMs: 10_000, ringMs: 40_000 }, 2_000_000);
    expect(ringPieces).toBeGreaterThanOrEqual(4 * windowPieces);
    expect(windowPieces).toBe(Math.ceil(10_000 / ((32_768 * 8) / 2000)));
  });

  test('counts no piece longer than the cutter leaves one open', () => {
    expect(planStream({ ...none, windowMs: 10_000 }, 64_000).windowPieces).toBe(40);
  });

  test.each([
    [{ ...none, windowMs: 20_000, ringMs: 40_000 }, /at least four windows/],
    [{ ...none, pieceLength: 20_000 }, /expected 16k/],
    [{ ...none, pieceLength: 16_384, ringMs: 30 * 86_400_000 }, /more than 2097152/],
  ])('refuses %j', (wishes, message) => {
    expect(() => planStream(wishes, 10_000_000)).toThrow(message);
  });
});

describe('links', () => {
  test('name the page, the file and both trackers', () => {
    expect(linksOf(undefined, '127.0.0.1', 8764, 'my channel.tstream')).toEqual({
      base: 'http://127.0.0.1:8764',
      metainfo: 'http://127.0.0.1:8764/my%20channel.tstream',
      trackers: ['http://127.0.0.1:8764/announce', 'udp://127.0.0.1:8764/announce'],
      scope: 'this machine',
    });
  });

  test('take the public name, whatever port a proxy has', () => {
    const links = linksOf(new URL('https://tv.example.org/live/'), undefined, 8764, 'tv.tstream');
    expect(links.metainfo).toBe('https://tv.example.org/live/tv.tstream');
    expect(links.trackers).toEqual(['https://tv.example.org/live/announce', 'udp://tv.example.org:8764/announce']);
    expect(links.scope).toBe('the internet');
  });
});
