import { fieldsOf, isRecord } from '../fields.js';
import { webAddress } from '../link/web-address.js';

/** A file as the page lists it. */
export interface ListedFile {
  /** From 1. */
  readonly number: number;
  readonly path: string;
  readonly lengthBytes: number;
  /** 0: not known. */
  readonly durationMs: number;
  /** Its picture is at `thumbs/NUMBER`. */
  readonly hasThumb: boolean;
}

/** What `/status.json` of a torrent's broadcaster says, as far as the page shows it. */
export interface VodStatus {
  readonly title: string;
  readonly name: string;
  readonly infohash: string;
  readonly lengthBytes: number;
  readonly durationMs: number;
  readonly files: readonly ListedFile[];
  /** Peers that are connected here now. */
  readonly peers: number;
  /** Those of them that have all of it. */
  readonly seeders: number;
  readonly upBytes: number;
  readonly upBitsPerSecond: number;
  readonly maxUploadBitsPerSecond: number;
  readonly uptimeMs: number;
  /** Absolute http(s) address of the `.torrent`; undefined while none is told. */
  readonly torrentUrl: string | undefined;
  /** Undefined while none is told. */
  readonly magnet: string | undefined;
}

const FILES_MAX = 500;
const LINK_CHARACTERS_MAX = 8000;
const URL_CHARACTERS_MAX = 2000;
const PATH_CHARACTERS_MAX = 400;

/**
 * Reads an answer of `/status.json`.
 * @param json - What `JSON.parse` returned.
 * @param pageUrl - Where the page itself is from; relative links are meant from here.
 * @returns The figures, absent ones as zero; undefined if it is no object at all.
 */
export function readVodStatus(json: unknown, pageUrl: string): VodStatus | undefined {
  if (!isRecord(json)) return undefined;
  const fields = fieldsOf(json);
  const magnet = fields.text('magnet', LINK_CHARACTERS_MAX);
  return {
    title: fields.text('title'),
    name: fields.text('name'),
    infohash: fields.text('infohash'),
    lengthBytes: fields.number('lengthBytes'),
    durationMs: fields.number('durationMs'),
    files: fields.list('files').slice(0, FILES_MAX).map(readFile),
    peers: fields.number('peers'),
    seeders: fields.number('seeders'),
    upBytes: fields.number('upBytes'),
    upBitsPerSecond: fields.number('upBitsPerSecond'),
    maxUploadBitsPerSecond: fields.number('maxUploadBitsPerSecond'),
    uptimeMs: fields.number('uptimeMs'),
    torrentUrl: webAddress(fields.text('torrentUrl', URL_CHARACTERS_MAX), pageUrl),
    magnet: /^magnet:\?[\x21-\x7e]+$/.test(magnet) ? magnet : undefined,
  };
}

function readFile(json: unknown, index: number): ListedFile {
  const fields = fieldsOf(json);
  return {
    number: index + 1,
    path: fields.text('path', PATH_CHARACTERS_MAX),
    lengthBytes: fields.number('lengthBytes'),
    durationMs: fields.number('durationMs'),
    hasThumb: fields.flag('hasThumb'),
  };
}
