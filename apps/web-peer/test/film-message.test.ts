import { describe, expect, test } from 'vitest';
import { type FilmView, filmMessage, filmWord, forecastWords } from '../src/vod-viewer/film-message.js';
import { readVodStats } from '../src/vod-viewer/vod-stats.js';

const PEER = { id: 'a' };

function view(figures: Record<string, unknown>, some: Partial<FilmView> = {}): FilmView {
  const stats = readVodStats({ bytesHeld: 1, bytesWanted: 10, neighbours: [PEER], ...figures });
  return {
    stats,
    peerAnswers: true,
    phase: 'before',
    hasPicture: false,
    filmUrl: 'http://127.0.0.1:1/files/1/a.mp4',
    ...some,
  };
}

test.each([
  [{ kind: 'unknown' }, ''],
  [{ kind: 'starts', inMs: 0 }, 'Any moment now.'],
  [{ kind: 'starts', inMs: 12_000 }, 'Starts in 12\u00a0s.'],
  [
    { kind: 'short', haveBitsPerSecond: 600_000, needBitsPerSecond: 1_200_000 },
    'Will stall: you have 0.6 of the needed 1.2\u00a0Mbit/s.',
  ],
  [
    { kind: 'short', haveBitsPerSecond: 64_000, needBitsPerSecond: 500_000 },
    'Will stall: you have 64 of the needed 500\u00a0kbit/s.',
  ],
] as const)('%j is told as %j', (forecast, words) => expect(forecastWords(forecast)).toBe(words));

describe('before it plays', () => {
  test('says when it starts, and offers to begin at once', () => {
    expect(filmMessage(view({ startsInMs: 12_000 }))).toMatchObject({
      weight: 'cover',
      title: 'Starts in 12\u00a0s.',
      offersPlay: true,
    });
  });

  test('says that it will stall, and offers to begin all the same', () => {
    const told = filmMessage(view({ haveBitsPerSecond: 600_000, needBitsPerSecond: 1_200_000 }));
    expect(told).toMatchObject({ title: expect.stringMatching(/^Will stall: you have 0\.6 of/), offersPlay: true });
  });

  test('says that nobody was found, unless all is here', () => {
    expect(filmMessage(view({ neighbours: [] }))?.title).toMatch(/Nobody who has this/);
    expect(filmMessage(view({ neighbours: [], bytesHeld: 10 }))?.title).toBe('Filling the buffer');
  });
});

test('a film that plays needs no words', () => {
  expect(filmMessage(view({ startsInMs: 0 }, { phase: 'showing', hasPicture: true }))).toBeUndefined();
  expect(filmMessage(view({ neighbours: [] }, { phase: 'showing', hasPicture: true }))).toBeUndefined();
});

test('one that waits says so over its picture', () => {
  expect(filmMessage(view({}, { phase: 'waiting', hasPicture: true }))).toMatchObject({ weight: 'note', busy: true });
  expect(filmMessage(view({}, { phase: 'seeking', hasPicture: true }))?.title).toBe('Fetching that place');
});

test('what the browser can’t play is sent to other players', () => {
  const told = filmMessage(view({}, { phase: 'unplayable' }));
  expect(told?.text).toContain('open http://127.0.0.1:1/files/1/a.mp4 there');
  expect(told?.offersPlay).toBe(false);
});

test('a disk in trouble comes first', () => {
  expect(filmMessage(view({ trouble: 'the disk is full' }, { phase: 'showing', hasPicture: true }))).toMatchObject({
    weight: 'note',
    text: 'the disk is full',
  });
});

test('silence of the local peer is told, whatever the film does', () => {
  const silent = view({}, { phase: 'showing', hasPicture: true, peerAnswers: false });
  expect(filmMessage(silent)?.title).toMatch(/does not answer/);
  expect(filmWord(silent)).toEqual({ word: 'No answer', state: 'lost' });
});
