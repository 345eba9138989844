import { fc, test } from '@fast-check/vitest';
import { describe, test as example, expect } from 'vitest';
import { shellWord } from '../src/link/shell-word.js';
import { readSourceStatus, type SourceStatus } from '../src/source/source-status.js';
import { commands, health, liveSentence, saving } from '../src/source/source-words.js';

function status(some: object): SourceStatus {
  const read = readSourceStatus(some, 'http://127.0.0.1/');
  if (read === undefined) throw new TypeError('expected an object');
  return read;
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

example('the commands are what a person types', () => {
  expect(commands('http://203.0.113.5:8764/harbour.tstream')).toEqual([
    { id: 'watch', text: 'tstream-peer watch http://203.0.113.5:8764/harbour.tstream' },
    { id: 'watch-vlc', text: 'tstream-peer watch http://203.0.113.5:8764/harbour.tstream --player vlc' },
    { id: 'seed', text: 'tstream-peer seed http://203.0.113.5:8764/harbour.tstream' },
  ]);
});

describe('a link on a command line', () => {
  example.each([
    ['http://h/a%20b.tstream', 'http://h/a%20b.tstream'],
    ['http://[2001:db8::1]:8764/a.tstream', '"http://[2001:db8::1]:8764/a.tstream"'],
    ['http://h/a.tstream?x=1&y=2', '"http://h/a.tstream?x=1&y=2"'],
    ['http://h/$(reboot);\'`"!.tstream', 'http://h/%24%28reboot%29%3B%27%60%22%21.tstream'],
    ['http://h/ä🎥', 'http://h/%C3%A4%F0%9F%8E%A5'],
  ])('%s is written %s', (url, word) => expect(shellWord(url)).toBe(word));

  test.prop([fc.webUrl({ withQueryParameters: true, withFragments: true })])('means the same link', (url) => {
    const [before, after] = [url, shellWord(url).replace(/^"(.*)"$/, '$1')].map((text) => new URL(text));
    for (const part of ['protocol', 'host', 'pathname', 'search', 'hash'] as const) {
      expect(decodeURIComponent(after?.[part] ?? '')).toBe(decodeURIComponent(before?.[part] ?? ''));
    }
  });

  test.prop([fc.string({ unit: 'binary' })])('is one word to any shell', (path) => {
    expect(shellWord(`http://h/${path}`)).toMatch(/^(?:[\w@%+=:,./~-]+|"[\w@%+=:,./~\-?&#[\]]+")$/);
  });
});

example('how well the swarm keeps up is one word and what it means', () => {
  const words = [1, 0.85, 0.84, 0.5, 0.49].map((heldByMedian) => health(status({ peers: 3, heldByMedian })).word);
  expect(words).toEqual(['good', 'good', 'fair', 'fair', 'strained']);
  expect(plain(health(status({ peers: 3, heldByMedian: 0.96 })).text)).toBe(
    '96 % of neighbours hold what was made 2 s ago',
  );
  expect(health(status({ peers: 0, heldByMedian: 1 }))).toEqual({ word: '–', text: 'nobody watches yet' });
});

example('the upload is compared with one copy for each viewer', () => {
  const compared = saving(status({ peers: 20, uploadMultiple: 1.6 }));
  expect(compared).toEqual({ withSharing: '1.6\u00a0×', without: '20\u00a0×', share: 0.08 });
  expect(saving(status({ peers: 1, uploadMultiple: 1 }))).toBeUndefined();
  expect(saving(status({ peers: 20, uploadMultiple: 0 }))).toBeUndefined();
});

example.each([
  ['live', 'On air for 2 h 5 min.'],
  ['paused', 'On air for 2 h 5 min; nothing comes from the camera or encoder at the moment.'],
  ['retrying', 'On air for 2 h 5 min; the input broke off and is being opened again.'],
  ['ended', 'This broadcast is over.'],
])('a sentence says how it is with an input that is %s', (inputState, sentence) => {
  expect(plain(liveSentence(status({ inputState, uptimeMs: 7_520_000 })))).toBe(sentence);
});
