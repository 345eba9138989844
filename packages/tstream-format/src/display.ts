/** What stands beside `info`, for people: nobody signed it, and nothing hangs on it. */
import type { BencodeDictionary, BencodeValue } from './bencode-decode.js';
import type { BencodeInput } from './bencode-encode.js';
import { expectHolds } from './create-checks.js';
import { dictionary, given, text } from './dictionary.js';
import {
  BITRATE_BITS_PER_SECOND_MAX,
  COMMENT_BYTES_MAX,
  CREATED_BY_BYTES_MAX,
  isBitrate,
  isThumb,
  isTimeS,
  THUMB_BYTES_MAX,
  TITLE_BYTES_MAX,
} from './live-stream.js';
import { isPlainText, plainText } from './text.js';

/** Text is one line and may hold markup: escape it. */
export interface Display {
  /** ≤ 512 bytes. */
  readonly title?: string | undefined;
  /** 1…1,000,000,000. */
  readonly bitrateBitsPerSecond?: number | undefined;
  /** Begins as a JPEG or PNG picture does; ≤ 65536 bytes. */
  readonly thumb?: Uint8Array | undefined;
  /** The program that wrote the file; ≤ 512 bytes. */
  readonly createdBy?: string | undefined;
  /** Seconds since 1970. */
  readonly creationDateS?: number | undefined;
  /** ≤ 4096 bytes. */
  readonly comment?: string | undefined;
}

/** What a file says, without the values that break a rule. */
export function readDisplay(top: BencodeDictionary): Partial<Display> {
  const tstream = innerDictionary(top);
  const date = top.get('creation date');
  return given<Display>({
    title: plainText(tstream.get('title'), TITLE_BYTES_MAX),
    bitrateBitsPerSecond: readBitrate(tstream.get('bitrate')),
    thumb: readThumb(tstream.get('thumb')),
    createdBy: plainText(top.get('created by'), CREATED_BY_BYTES_MAX),
    creationDateS: typeof date === 'number' && isTimeS(date) ? date : undefined,
    comment: plainText(top.get('comment'), COMMENT_BYTES_MAX),
  });
}

/** The `tstream` dictionary beside `info`; empty if there is none. */
export function innerDictionary(top: BencodeDictionary): BencodeDictionary {
  const tstream = top.get('tstream');
  return tstream instanceof Map ? tstream : new Map();
}

export function readBitrate(value: BencodeValue | undefined): number | undefined {
  return typeof value === 'number' && isBitrate(value) ? value : undefined;
}

export function readThumb(value: BencodeValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array && isThumb(value) ? value : undefined;
}

/** The keys of the outermost dictionary; `more` is what else stands in `tstream`. */
export function displayKeys(
  { title, bitrateBitsPerSecond, thumb, createdBy, creationDateS, comment }: Display,
  more: Record<string, BencodeInput | undefined> = {},
): Record<string, BencodeInput | undefined> {
  const tstream = dictionary({ bitrate: bitrateBitsPerSecond, thumb, title: text(title), ...more });
  return {
    comment: text(comment),
    'created by': text(createdBy),
    'creation date': creationDateS,
    tstream: tstream.size > 0 ? tstream : undefined,
  };
}

/** @throws {TypeError | RangeError} If a field is not as {@link Display} says. */
export function checkDisplay(display: Display): void {
  const { title, bitrateBitsPerSecond, thumb, createdBy, creationDateS, comment } = display;
  expectLine('title', title, TITLE_BYTES_MAX);
  expectLine('createdBy', createdBy, CREATED_BY_BYTES_MAX);
  expectLine('comment', comment, COMMENT_BYTES_MAX);
  checkBitrate(bitrateBitsPerSecond);
  if (creationDateS !== undefined) expectHolds(isTimeS(creationDateS), 'creationDateS as whole seconds', creationDateS);
  checkThumb(thumb);
}

export function checkBitrate(bitrateBitsPerSecond: number | undefined): void {
  if (bitrateBitsPerSecond === undefined) return;
  const range = `bitrateBitsPerSecond in 1..${BITRATE_BITS_PER_SECOND_MAX}`;
  expectHolds(isBitrate(bitrateBitsPerSecond), range, bitrateBitsPerSecond);
}

export function checkThumb(thumb: Uint8Array | undefined): void {
  if (thumb === undefined) return;
  if (!(thumb instanceof Uint8Array)) throw new TypeError(`expected thumb as bytes, got ${typeof thumb}`);
  expectHolds(isThumb(thumb), `thumb as a JPEG or PNG of at most ${THUMB_BYTES_MAX} bytes`, `${thumb.length} bytes`);
}

function expectLine(field: string, value: string | undefined, bytesMax: number): void {
  if (value === undefined) return;
  expectHolds(isPlainText(value, bytesMax), `${field} as one line of 1..${bytesMax} bytes`, value);
}
