import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as format from '../src/index.js';

it('exports nothing unreviewed', () => {
  expect(Object.keys(format).sort()).toMatchInlineSnapshot(`
    [
      "BENCODE_LIMITS",
      "bencodeRawValue",
      "createLiveMetainfo",
      "decodeBencode",
      "decodeBencodePrefix",
      "decodeMetainfo",
      "describeMetainfoReason",
      "encodeBencode",
      "formatMagnet",
      "fromHex",
      "hex",
      "isSafeName",
      "isTrackerUrl",
      "parseMagnet",
      "utf8Bytes",
      "utf8Text",
    ]
  `);
});

it('the README names every export', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(Object.keys(format).filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
});
