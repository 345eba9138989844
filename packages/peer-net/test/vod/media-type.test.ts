import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { contentDisposition, isPlayable, mediaType } from '../../src/vod/media-type.js';

it.each([
  ['film.mp4', 'video/mp4', true],
  ['FILM.MKV', 'video/x-matroska', true],
  ['a.webm', 'video/webm', true],
  ['a.ts', 'video/mp2t', true],
  ['a.mp3', 'audio/mpeg', true],
  ['cover.jpg', 'image/jpeg', true],
  ['a.vtt', 'text/vtt', true],
  ['readme.txt', 'text/plain; charset=utf-8', true],
  // What would run, or be taken for markup, in a browser.
  ['index.html', 'application/octet-stream', false],
  ['a.xhtml', 'application/octet-stream', false],
  ['a.svg', 'application/octet-stream', false],
  ['a.svgz', 'application/octet-stream', false],
  ['a.xml', 'application/octet-stream', false],
  ['a.js', 'application/octet-stream', false],
  ['a.css', 'application/octet-stream', false],
  ['a.pdf', 'application/octet-stream', false],
  ['film', 'application/octet-stream', false],
  ['', 'application/octet-stream', false],
])('%j is served as %s', (name, type, inline) => {
  expect(mediaType(name)).toEqual({ type, inline });
  expect(isPlayable(name)).toBe(/^(video|audio)/.test(type));
});

it.each([
  ['film.mp4', `inline; filename="film.mp4"; filename*=UTF-8''film.mp4`],
  ['a "b" 50%.mp4', `inline; filename="a _b_ 50_.mp4"; filename*=UTF-8''a%20%22b%22%2050%25.mp4`],
  [
    `Žluťoučký 'kůň' (1).mp4`,
    `inline; filename="_lu_ou_k_ 'k__' (1).mp4"; filename*=UTF-8''%C5%BDlu%C5%A5ou%C4%8Dk%C3%BD%20%27k%C5%AF%C5%88%27%20%281%29.mp4`,
  ],
  ['a\r\nSet-Cookie: b', `inline; filename="a__Set-Cookie: b"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b`],
])('%j is named in a header', (name, header) => expect(contentDisposition(name, true)).toBe(header));

test.prop([fc.string({ unit: 'binary' })])('any name makes a header of plain ASCII that gives it back', (name) => {
  const header = contentDisposition(name, false);
  expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w!#$&+\-.^`|~%]*$/);
  expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe(name.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
});
