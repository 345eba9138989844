import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { selectBytes, selectRange } from '../../src/vod/http-range.js';

const ETAG = '"00ff-0"';
const part = (fromByte: number, toByte: number) => ({ status: 206, fromByte, toByte });
const whole = { status: 200 };

describe('a Range over 1000 bytes', () => {
  it.each([
    ['bytes=0-499', part(0, 500)],
    ['bytes=500-999', part(500, 1000)],
    ['bytes=0-0', part(0, 1)],
    ['bytes=0-', part(0, 1000)],
    ['bytes=999-', part(999, 1000)],
    ['bytes=-1', part(999, 1000)],
    ['bytes=-500', part(500, 1000)],
    ['bytes=-5000', part(0, 1000)],
    ['bytes=900-5000', part(900, 1000)],
    ['bytes=900-99999999999999999999999999', part(900, 1000)],
    ['Bytes=1-2', part(1, 3)],
    ['bytes= 1-2 ,', part(1, 3)],
    [' bytes=1-2', part(1, 3)],
    // Of several, the one that can be satisfied.
    ['bytes=1-2,2000-', part(1, 3)],
    ['bytes=1-2, -0', part(1, 3)],
  ])('%j selects a part', (range, selection) => expect(selectRange(range, 1000)).toEqual(selection));

  it.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=99999999999999999999999999-', 'bytes=1000-,-0'])(
    '%j can not be satisfied',
    (range) => expect(selectRange(range, 1000)).toEqual({ status: 416 }),
  );

  it.each([
    'bytes=5-4',
    'bytes=0-1,5-4',
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=--1',
    'bytes=a-b',
    'bytes=1',
    'bytes=1-2-3',
    'bytes=0x1-2',
    'bytes=+1-2',
    'bytes=1 -2',
    'bytes 1-2',
    'seconds=1-2',
    'items=0-5',
    '',
  ])('%j makes no sense, and is ignored', (range) => expect(selectRange(range, 1000)).toEqual(whole));

  it.each(['bytes=0-1,5-6', 'bytes=0-,-1'])('%j asks for several parts, and gets the whole', (range) =>
    expect(selectRange(range, 1000)).toEqual(whole),
  );
});

it('nothing of an empty file can be satisfied, except its last bytes, which are none', () => {
  expect(selectRange('bytes=0-', 0)).toEqual({ status: 416 });
  expect(selectRange('bytes=-5', 0)).toEqual(whole);
});

test.prop([fc.nat(5000), fc.nat(5000), fc.integer({ min: 1, max: 5000 })])(
  'first-last ≡ slice(first, last + 1)',
  (first, last, lengthBytes) => {
    const bytes = Array.from({ length: lengthBytes }, (_, i) => i);
    const selection = selectRange(`bytes=${first}-${last}`, lengthBytes);
    if (last < first) expect(selection).toEqual(whole);
    else if (first >= lengthBytes) expect(selection).toEqual({ status: 416 });
    else {
      expect(selection.status).toBe(206);
      if (selection.status === 206)
        expect(bytes.slice(selection.fromByte, selection.toByte)).toEqual(bytes.slice(first, last + 1));
    }
  },
);

test.prop([fc.string(), fc.nat()])('any text selects something within the content', (text, lengthBytes) => {
  for (const range of [text, `bytes=${text}`]) {
    const selection = selectRange(range, lengthBytes);
    if (selection.status !== 206) continue;
    expect(selection.fromByte).toBeGreaterThanOrEqual(0);
    expect(selection.toByte).toBeGreaterThan(selection.fromByte);
    expect(selection.toByte).toBeLessThanOrEqual(lengthBytes);
  }
});

describe('conditions', () => {
  const content = { lengthBytes: 1000, etag: ETAG };
  const range = 'bytes=0-9';

  it.each([
    ['the tag', ETAG, part(0, 10)],
    ['another tag', '"other"', whole],
    ['the tag, but weak', `W/${ETAG}`, whole],
    ['a date', 'Wed, 21 Oct 2015 07:28:00 GMT', whole],
    ['nonsense', 'oh', whole],
  ])('If-Range with %s', (_, value, selection) =>
    expect(selectBytes('GET', { range, 'if-range': value }, content)).toEqual(selection),
  );

  it('HEAD knows no range', () => expect(selectBytes('HEAD', { range: 'bytes=5000-' }, content)).toEqual(whole));

  it.each([
    [ETAG, { status: 304 }],
    [`"a", W/${ETAG}`, { status: 304 }],
    ['*', { status: 304 }],
    ['"a"', part(0, 10)],
  ])('If-None-Match: %s', (value, selection) =>
    expect(selectBytes('GET', { range, 'if-none-match': value }, content)).toEqual(selection),
  );

  it.each([
    [ETAG, part(0, 10)],
    ['*', part(0, 10)],
    [`W/${ETAG}`, { status: 412 }],
    ['"a"', { status: 412 }],
  ])('If-Match: %s', (value, selection) =>
    expect(selectBytes('GET', { range, 'if-match': value }, content)).toEqual(selection),
  );
});
