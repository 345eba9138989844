/** Program tables: what a player has to read before it can show anything (ISO/IEC 13818-1 §2.4.4). */
import { PACKET_BYTES, payloadAt, startsUnit } from './packet.js';

/** The program of a stream: the first one that its PAT lists. */
export interface Program {
  readonly number: number;
  readonly pmtPid: number;
}

/** The elementary stream by which a player can begin: the first video, else the first audio, else the first of any kind. */
export interface LeadStream {
  readonly pid: number;
  /** stream_type of the PMT (§2.4.4.9). */
  readonly type: number;
  readonly isVideo: boolean;
}

/** Collects the section that begins first in a packet; of several in one packet the others are not read. */
export class SectionReader {
  readonly #bytes = new Uint8Array(SECTION_BYTES_MAX);
  #filled = 0;
  #reading = false;

  /** Forgets a section of which a part was read. */
  reset(): void {
    this.#reading = false;
  }

  /** Takes the packet at `at`. Returns the section that it completes, if its check sum is right and it is valid now; as long as nothing more is fed. */
  feed(bytes: Uint8Array, at: number): Uint8Array | undefined {
    const end = at + PACKET_BYTES;
    let from = payloadAt(bytes, at);
    if (from >= end) return undefined;
    if (startsUnit(bytes, at)) {
      from += 1 + (bytes[from] as number);
      this.#filled = 0;
      this.#reading = true;
    }
    if (!this.#reading || from >= end) return undefined;
    const part = bytes.subarray(from, Math.min(end, from + SECTION_BYTES_MAX - this.#filled));
    this.#bytes.set(part, this.#filled);
    this.#filled += part.length;
    return this.#completed();
  }

  #completed(): Uint8Array | undefined {
    if (this.#filled < 3) return undefined;
    const sectionBytes = 3 + (uint16(this.#bytes, 1) & 0xfff);
    const fits = sectionBytes >= SECTION_BYTES_MIN && sectionBytes <= SECTION_BYTES_MAX;
    if (fits && this.#filled < sectionBytes) return undefined;
    this.#reading = false;
    if (!fits) return undefined;
    const section = this.#bytes.subarray(0, sectionBytes);
    const isCurrent = ((section[5] as number) & 1) === 1;
    return isCurrent && crc32(section) === 0 ? section : undefined;
  }
}

/** First program of a PAT section; undefined if it is another table or names none. */
export function readPat(section: Uint8Array): Program | undefined {
  if (section[0] !== 0) return undefined;
  for (let at = 8; at + 4 <= section.length - CRC_BYTES; at += 4) {
    const number = uint16(section, at);
    if (number !== 0) return { number, pmtPid: uint16(section, at + 2) & 0x1fff };
  }
  return undefined;
}

/** Lead stream of a program's PMT section; undefined if it is another table, another program's or names no stream. */
export function readPmt(section: Uint8Array, program: Program): LeadStream | undefined {
  if (section[0] !== 2 || uint16(section, 3) !== program.number) return undefined;
  let lead: LeadStream | undefined;
  let leadRank = Infinity;
  let at = 12 + (uint16(section, 10) & 0xfff);
  while (at + 5 <= section.length - CRC_BYTES) {
    const type = section[at] as number;
    const isVideo = VIDEO_TYPES.has(type);
    const rank = isVideo ? 0 : AUDIO_TYPES.has(type) ? 1 : 2;
    if (rank < leadRank) {
      lead = { pid: uint16(section, at + 1) & 0x1fff, type, isVideo };
      leadRank = rank;
    }
    at += 5 + (uint16(section, at + 3) & 0xfff);
  }
  return lead;
}

/** CRC-32 of §2.4.4 (annex A): polynomial 0x04C11DB7, most significant bit first, from all ones. Over a section with its CRC it is 0. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** §2.4.4.4, §2.4.4.9: section_length of PAT and PMT is at most 1021. */
const SECTION_BYTES_MAX = 1024;
/** Header and CRC of a PAT without an entry; a PMT of this length is cut short and names no stream. */
const SECTION_BYTES_MIN = 12;
const CRC_BYTES = 4;
/** MPEG-1, MPEG-2, MPEG-4 part 2, H.264 and its extensions, H.265, H.266, AVS, Dirac, VC-1. */
const VIDEO_TYPES: ReadonlySet<number> = new Set([0x01, 0x02, 0x10, 0x1b, 0x1f, 0x20, 0x24, 0x33, 0x42, 0xd1, 0xea]);
/** MPEG-1, MPEG-2, AAC as ADTS, LATM and raw; AC-3, DTS, E-AC-3 as ATSC and Blu-ray number them. */
const AUDIO_TYPES: ReadonlySet<number> = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x81, 0x82, 0x84, 0x87]);
