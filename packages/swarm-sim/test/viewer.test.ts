/** Somebody who watches a film, without a swarm. */
import type { VodInput } from '@tstream/peer-core';
import { expect, test } from 'vitest';
import type { Film } from '../src/on-demand/film.js';
import { type Jump, Viewer } from '../src/on-demand/viewer.js';

/** Four pieces of a second each, and half a one. */
const FILM: Film = { lengthBytes: 4500, pieceBytes: 1000, pieces: 5, bytesPerSecond: 1000, prebufferBytes: 0 };

/** A viewer who comes at 0, what is held when, and all that came of it. */
function watching(jump?: Jump, carries = () => true) {
  const held = new Set<number>();
  const told: string[] = [];
  const places: (readonly [atMs: number, fromByte: number, playing: boolean])[] = [];
  const note = (what: string) => (atMs: number) => told.push(`${atMs} ${what}`);
  const watch = {
    began: note('began'),
    came: (atMs: number, here: boolean) => void told.push(`${atMs} ${here ? 'here' : 'not here'}`),
    stalled: note('stalled'),
    resumed: note('resumed'),
    sought: note('sought'),
    found: note('found'),
    finished: note('finished'),
  };
  const download = {
    holds: (piece: number) => held.has(piece),
    carries,
    tell(input: VodInput, atMs: number) {
      if (input.type === 'reader') places.push([atMs, input.fromByte, input.playing]);
      else told.push(`${atMs} ${input.type}`);
    },
  };
  const viewer = new Viewer(FILM, watch, download, jump, 0);
  const get = (atMs: number, ...pieces: number[]) => {
    for (const piece of pieces) held.add(piece);
    viewer.held(atMs);
  };
  const runTo = (endMs: number) => {
    while (viewer.nextMs <= endMs) viewer.advance(viewer.nextMs);
  };
  return { get, runTo, told, places };
}

test('shows a film at its bitrate, and says where it is', () => {
  const { get, runTo, told, places } = watching();
  get(300, 0, 1, 2, 3, 4);
  runTo(10_000);
  expect(told).toEqual([
    '300 began',
    '1300 here',
    '2300 here',
    '3300 here',
    '4300 here',
    '4800 readerGone',
    '4800 finished',
  ]);
  expect(places).toEqual([
    [0, 0, false],
    [300, 0, true],
    [1300, 1000, true],
    [2300, 2000, true],
    [3300, 3000, true],
    [4300, 4000, true],
  ]);
});

test('stands still where a piece is missing, and goes on when it is there', () => {
  const { get, runTo, told } = watching();
  get(0, 0);
  runTo(2500);
  get(2600, 1);
  runTo(3000);
  expect(told).toEqual(['0 began', '1000 not here', '1000 stalled', '2600 resumed']);
});

test('does not begin before the forecast lets it', () => {
  let speed = false;
  const { get, runTo, told } = watching(undefined, () => speed);
  get(100, 0);
  runTo(1000);
  expect(told).toEqual([]);
  speed = true;
  runTo(1300);
  expect(told).toEqual(['1250 began']);
});

test('jumps where it means to, in the middle of a piece', () => {
  const { get, runTo, told, places } = watching({ afterByte: 1500, toByte: 3200 });
  get(0, 0, 1);
  runTo(2000);
  get(2100, 3, 4);
  runTo(9000);
  expect(told.slice(0, 5)).toEqual(['0 began', '1000 here', '1500 sought', '2100 found', '2900 here']);
  expect(places).toContainEqual([1500, 3200, false]);
  expect(told.at(-1)).toBe('3400 finished');
});
