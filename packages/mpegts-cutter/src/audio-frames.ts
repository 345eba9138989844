import { PACKET_BYTES } from './packet.js';

/**
 * Counts how long the sound in a PES packet lasts, by walking the frame headers of MPEG audio (layer I … III) and AAC as ADTS. A
 * muxer puts as many frames into a PES packet as it likes, so the last time stamp of a stream doesn't tell where it ends.
 */
export class AudioFrames {
  /** Duration of the frames that began, ticks of 90 kHz; undefined if anything that isn't a known frame was met. */
  #ticks: number | undefined = undefined;
  /** Bytes until the next header. */
  #skipBytes = 0;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #filled = 0;

  get ticks(): number | undefined {
    return this.#ticks === undefined ? undefined : Math.round(this.#ticks);
  }

  /** A PES packet begins; its content in this packet goes from `contentAt` to the packet's end. */
  begin(bytes: Uint8Array, at: number, contentAt: number): void {
    this.#ticks = 0;
    this.#skipBytes = 0;
    this.#filled = 0;
    this.more(bytes, at, contentAt);
  }

  /** More content of it, from `contentAt` to the end of the packet at `at`. */
  more(bytes: Uint8Array, at: number, contentAt: number): void {
    const end = at + PACKET_BYTES;
    let next = contentAt;
    while (next < end && this.#ticks !== undefined) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, end - next);
        this.#skipBytes -= skipped;
        next += skipped;
      } else {
        this.#header[this.#filled] = bytes[next] as number;
        this.#filled += 1;
        next += 1;
        if (this.#filled === HEADER_BYTES) this.#onHeader();
      }
    }
  }

  #onHeader(): void {
    const frame = readFrame(this.#header);
    this.#filled = 0;
    if (frame === undefined || this.#ticks === undefined) {
      this.#ticks = undefined;
      return;
    }
    this.#ticks += frame.ticks;
    this.#skipBytes = frame.bytes - HEADER_BYTES;
  }
}

interface Frame {
  readonly bytes: number;
  /** Of 90 kHz, not rounded. */
  readonly ticks: number;
}

function readFrame(header: Uint8Array): Frame | undefined {
  const syncword = uint16(header, 0);
  if (syncword < 0xffe0) return undefined;
  const frame = (syncword & 0xf6) === 0xf0 ? readAdts(header) : readMpegAudio(header);
  return frame !== undefined && frame.bytes >= HEADER_BYTES ? frame : undefined;
}

/** ISO/IEC 13818-7 §6.2: sampling_frequency_index, frame_length, number_of_raw_data_blocks_in_frame. */
function readAdts(header: Uint8Array): Frame | undefined {
  const rateHz = ADTS_RATES_HZ[(uint16(header, 2) >> 10) & 15];
  if (rateHz === undefined) return undefined;
  const bytes = ((uint16(header, 3) & 0x3ff) << 3) | ((header[5] as number) >> 5);
  return { bytes, ticks: ((((header[6] as number) & 3) + 1) * 1024 * STAMP_HZ) / rateHz };
}

/** ISO/IEC 11172-3 §2.4.2.3 and 13818-3 §2.4.2.3, layers II and III; MPEG-2.5 halves the rates once more. */
function readMpegAudio(header: Uint8Array): Frame | undefined {
  const bits = uint16(header, 1);
  const version = VERSIONS[(bits >> 11) & 3];
  const layer = 4 - ((bits >> 9) & 3);
  const rateHz = MPEG_RATES_HZ[(bits >> 2) & 3];
  if (version === undefined || rateHz === undefined || (layer !== 2 && layer !== 3)) return undefined;
  const table =
    version.divisor > 1 ? KBITS_PER_SECOND.low : layer === 2 ? KBITS_PER_SECOND.layer2 : KBITS_PER_SECOND.layer3;
  const kbits = table[((bits >> 4) & 15) - 1];
  if (kbits === undefined) return undefined;
  const samples = layer === 3 && version.divisor > 1 ? 576 : 1152;
  const frameRateHz = rateHz / version.divisor / samples;
  const padding = (bits >> 1) & 1;
  return { bytes: Math.floor((kbits * 125) / frameRateHz) + padding, ticks: STAMP_HZ / frameRateHz };
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

const STAMP_HZ = 90_000;
/** Of ADTS; the one of MPEG audio is shorter, but no frame is. */
const HEADER_BYTES = 7;
const ADTS_RATES_HZ = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
] as const;
const MPEG_RATES_HZ = [44_100, 48_000, 32_000] as const;
/** By the two version bits: MPEG-2.5, reserved, MPEG-2, MPEG-1; by what the sampling rate of MPEG-1 is divided. */
const VERSIONS = [{ divisor: 4 }, undefined, { divisor: 2 }, { divisor: 1 }] as const;
const KBITS_PER_SECOND = {
  layer2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  layer3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  low: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
