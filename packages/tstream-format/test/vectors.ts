/** spec/vectors/metainfo.json, as it stands. */
import { readFileSync } from 'node:fs';
import type { LiveStream } from '../src/index.js';

/** Hexadecimal digits, or pairs of them and how often they repeat. */
export type WrittenBytes = string | [string, number][];
type Refused<T = { title: string; bytes: WrittenBytes }> = T & { reason: string };
type WrittenMagnet = { infohash: string; name?: string; trackers: string[] };

interface Vectors {
  bencode: {
    valid: { name: string; bytes: WrittenBytes }[];
    refused: Refused<{ name: string; bytes: WrittenBytes }>[];
  };
  live: {
    written: {
      title: string;
      fields: Omit<LiveStream, 'streamKey' | 'thumb'> & { streamKey: string; thumb?: string };
      bytes: WrittenBytes;
      info: string;
      infohash: string;
      infoDigest: string;
    }[];
    sifted: { title: string; bytes: WrittenBytes; expect: object; infohash?: string }[];
    refused: Refused[];
  };
  vod: {
    recognised: { title: string; bytes: WrittenBytes; expect: { infohash: string } }[];
    refused: Refused[];
  };
  magnet: {
    written: { uri: string; magnet: WrittenMagnet }[];
    read: { uri: string; magnet: WrittenMagnet }[];
    refused: Refused<{ uri: string }>[];
  };
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/metainfo.json', import.meta.url), 'ascii'),
);

export function bytesOf(written: WrittenBytes): Uint8Array {
  if (typeof written === 'string') return new Uint8Array(Buffer.from(written, 'hex'));
  return new Uint8Array(
    Buffer.concat(written.map(([digits, count]) => Buffer.alloc((digits.length / 2) * count, digits, 'hex'))),
  );
}
