/** spec/vectors/metainfo.json and torrent.json, as they stand. */
import { readFileSync } from 'node:fs';
import type { LiveStream, VodFileDisplay, VodMetainfo, VodTorrent } from '../src/index.js';

/** Hexadecimal digits, or pairs of them and how often they repeat. */
export type WrittenBytes = string | [string, number][];
type Refused<T = { title: string; bytes: WrittenBytes }> = T & { reason: string };
type WrittenMagnet = {
  infohash: string;
  name?: string;
  trackers: string[];
  peers?: string[];
  webSeeds?: string[];
  fileIndices?: number[];
};
/** Bytes are hexadecimal digits in what follows. */
type WrittenFile = Omit<VodFileDisplay, 'thumb'> & { thumb?: string };
type WrittenTorrent = Omit<VodTorrent, 'pieceHashes' | 'thumb' | 'perFile'> &
  WrittenFile & { pieceHashes: string; perFile?: WrittenFile[] };
type WrittenMetainfo = Omit<VodMetainfo, 'kind' | 'infohash' | 'pieceHashes' | 'infoBytes' | 'thumb' | 'perFile'> &
  WrittenFile & { infohash: string; pieceHashes: string | null; info: string; perFile: WrittenFile[] };

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
  magnet: {
    written: { uri: string; magnet: WrittenMagnet }[];
    read: { uri: string; magnet: WrittenMagnet }[];
    refused: Refused<{ uri: string }>[];
  };
}

interface TorrentVectors {
  written: { title: string; fields: WrittenTorrent; bytes: WrittenBytes; infohash: string }[];
  recognised: { title: string; bytes: WrittenBytes; expect: WrittenMetainfo }[];
  refused: Refused[];
}

export const vectors: Vectors = load('metainfo');
export const torrents: TorrentVectors = load('torrent');

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}.json`, import.meta.url), 'ascii'));
}

export function bytesOf(written: WrittenBytes): Uint8Array {
  if (typeof written === 'string') return new Uint8Array(Buffer.from(written, 'hex'));
  return new Uint8Array(
    Buffer.concat(written.map(([digits, count]) => Buffer.alloc((digits.length / 2) * count, digits, 'hex'))),
  );
}
