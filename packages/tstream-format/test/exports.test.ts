import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as format from '../src/index.js';

it('exports nothing unreviewed', () => {
  expect(Object.keys(format).sort()).toMatchInlineSnapshot(`
    [
      "BENCODE_LIMITS",
      "bencodeRawValue",
      "createLiveMetainfo",
      "createVodMetainfo",
      "decodeBencode",
      "decodeBencodePrefix",
      "decodeInfo",
      "decodeMetainfo",
      "describeMetainfoReason",
      "encodeBencode",
      "formatMagnet",
      "fromHex",
      "hex",
      "isSafeName",
      "isTrackerUrl",
      "isWebSeedUrl",
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
