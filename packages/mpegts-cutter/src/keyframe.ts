import { isRandomAccess, PACKET_BYTES, payloadAt } from './packet.js';

/** What the packets of a picture say so far: decoding can begin with it, cannot, or more of it must be seen. */
export type Verdict = 'key' | 'other' | 'unsure';

/**
 * Tells whether decoding can begin with a PES packet of video: by the random_access_indicator of its first packet, else by the first
 * picture in it. Of a codec that it can't read only the indicator counts.
 */
export class KeyframeWatch {
  readonly #head = new Uint8Array(HEAD_BYTES_MAX);
  #filled = 0;
  #read: Reader | undefined;

  /** Takes the packet in which a PES packet begins. */
  start(bytes: Uint8Array, at: number, streamType: number): Verdict {
    this.#filled = 0;
    this.#read = isRandomAccess(bytes, at) ? undefined : READERS.get(streamType);
    if (isRandomAccess(bytes, at)) return 'key';
    return this.#read === undefined ? 'other' : this.more(bytes, at);
  }

  /** Takes a further packet of it. Once the verdict is passed, it stays 'unsure' until the next start. */
  more(bytes: Uint8Array, at: number): Verdict {
    if (this.#read === undefined) return 'unsure';
    const from = payloadAt(bytes, at);
    const part = bytes.subarray(from, Math.min(at + PACKET_BYTES, from + HEAD_BYTES_MAX - this.#filled));
    this.#head.set(part, this.#filled);
    this.#filled += part.length;
    const verdict = this.#verdict(this.#read);
    if (verdict !== 'unsure') this.#read = undefined;
    return verdict;
  }

  /** Forgets the PES packet. */
  reset(): void {
    this.#read = undefined;
  }

  #verdict(read: Reader): Verdict {
    if (this.#filled >= PES_HEADER_BYTES) {
      const contentAt = PES_HEADER_BYTES + (this.#head[8] as number);
      const verdict = read(this.#head.subarray(Math.min(contentAt, this.#filled), this.#filled));
      if (verdict !== 'unsure') return verdict;
    }
    return this.#filled === HEAD_BYTES_MAX ? 'other' : 'unsure';
  }
}

type Reader = (content: Uint8Array) => Verdict;

/** H.264 §7.4.1: an IDR slice, or a recovery point before a slice (§D.2.8: open GOPs and intra refresh begin so). */
function readH264(content: Uint8Array): Verdict {
  for (let at = afterStartCode(content, 0); at < content.length; at = afterStartCode(content, at)) {
    const type = (content[at] as number) & 0x1f;
    if (type === 5 || (type === 6 && content[at + 1] === 6)) return 'key';
    if (type >= 1 && type <= 4) return 'other';
  }
  return 'unsure';
}

/** H.265 §7.4.2.2, table 7-1: types 16 … 23 are random access points (BLA, IDR, CRA), other slices are below 16. */
function readH265(content: Uint8Array): Verdict {
  for (let at = afterStartCode(content, 0); at < content.length; at = afterStartCode(content, at)) {
    const type = ((content[at] as number) >> 1) & 0x3f;
    if (type < 16) return 'other';
    if (type < 24) return 'key';
  }
  return 'unsure';
}

/** ISO/IEC 11172-2 and 13818-2 §6.2.3: a picture header, its type after 10 bits of temporal reference; 1 = intra. */
function readMpeg2(content: Uint8Array): Verdict {
  for (let at = afterStartCode(content, 0); at + 2 < content.length; at = afterStartCode(content, at)) {
    if (content[at] === 0) return (((content[at + 2] as number) >> 3) & 7) === 1 ? 'key' : 'other';
  }
  return 'unsure';
}

/** Offset of the byte after the next 00 00 01; the end if there is none. */
function afterStartCode(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 3 < bytes.length; at += 1) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) return at + 3;
  }
  return bytes.length;
}

/** stream_type → how its pictures are told apart. */
const READERS: ReadonlyMap<number, Reader> = new Map([
  [0x01, readMpeg2],
  [0x02, readMpeg2],
  [0x1b, readH264],
  [0x24, readH265],
]);

const PES_HEADER_BYTES = 9;
/** Room for the parameter sets and the text in which encoders tell their settings before the picture: x264 700 bytes, x265 2.3 KB. */
const HEAD_BYTES_MAX = 4096;
