/** A transport stream muxer, as small as tests need it, written from ISO/IEC 13818-1 and not from the code under test. */

export const PAT_PID = 0;
export const PMT_PID = 0x1000;
export const VIDEO_PID = 0x100;
export const AUDIO_PID = 0x101;

export interface PacketFields {
  readonly pid: number;
  readonly counter?: number;
  readonly start?: boolean;
  readonly randomAccess?: boolean;
  readonly timeBreak?: boolean;
  /** Ticks of 27 MHz. */
  readonly pcr?: number;
  readonly opcr?: number;
  /** At most what fits; none: a packet of an adaptation field alone. */
  readonly payload?: Uint8Array;
}

/** One packet of 188 bytes, stuffed by its adaptation field. */
export function packet(fields: PacketFields): Uint8Array {
  const { pid, counter = 0, start = false, payload } = fields;
  const clocks = [
    ...(fields.pcr === undefined ? [] : pcrField(fields.pcr)),
    ...(fields.opcr === undefined ? [] : pcrField(fields.opcr)),
  ];
  const flags =
    (fields.timeBreak ? 0x80 : 0) |
    (fields.randomAccess ? 0x40 : 0) |
    (fields.pcr === undefined ? 0 : 0x10) |
    (fields.opcr === undefined ? 0 : 0x08);
  const room = 184 - (payload?.length ?? 0);
  const needed = flags === 0 ? 0 : 2 + clocks.length;
  if (room < needed) throw new RangeError(`payload: expected at most ${184 - needed} bytes, got ${payload?.length}`);
  const adaptation = new Uint8Array(room).fill(0xff);
  if (room > 0) adaptation[0] = room - 1;
  if (room > 1) adaptation.set([flags, ...clocks], 1);
  const control = (room > 0 ? 0x20 : 0) | (payload === undefined ? 0 : 0x10);
  return bytes(
    [0x47, (start ? 0x40 : 0) | (pid >> 8), pid & 0xff, control | (counter & 15)],
    adaptation,
    payload ?? [],
  );
}

export const nullPacket = (): Uint8Array => packet({ pid: 0x1fff, payload: new Uint8Array(184).fill(0xff) });

function pcrField(pcr: number): number[] {
  const bits = (BigInt(Math.floor(pcr / 300)) << 15n) | (0b111111n << 9n) | BigInt(pcr % 300);
  return bigEndian(bits, 6);
}

/** A PTS or DTS field; `prefix` is its upper 4 bits. */
function stampField(prefix: number, stamp: number): number[] {
  const value = BigInt(stamp);
  const bits =
    (BigInt(prefix) << 36n) |
    ((value >> 30n) << 33n) |
    (1n << 32n) |
    (((value >> 15n) & 0x7fffn) << 17n) |
    (1n << 16n) |
    ((value & 0x7fffn) << 1n) |
    1n;
  return bigEndian(bits, 5);
}

function bigEndian(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn));
}

export interface SectionFields {
  readonly tableId: number;
  readonly extension: number;
  readonly body: readonly number[];
  readonly isCurrent?: boolean;
}

/** A section with its CRC. */
export function section({ tableId, extension, body, isCurrent = true }: SectionFields): Uint8Array {
  const length = 5 + body.length + 4;
  const head = bytes(
    [tableId, 0xb0 | (length >> 8), length & 0xff, extension >> 8, extension & 0xff, 0xc0 | (isCurrent ? 1 : 0), 0, 0],
    body,
  );
  return bytes(head, bigEndian(crc32(head), 4));
}

/** CRC-32/MPEG-2 by long division, a bit at a time. */
function crc32(message: Uint8Array): bigint {
  let crc = 0xffffffffn;
  for (const byte of message) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const top = (crc >> 31n) ^ BigInt((byte >> bit) & 1);
      crc = (crc << 1n) & 0xffffffffn;
      if (top === 1n) crc ^= 0x04c11db7n;
    }
  }
  return crc;
}

export interface PmtStream {
  readonly type: number;
  readonly pid: number;
  readonly descriptors?: readonly number[];
}

export const patSection = (program = 1, pmtPid = PMT_PID): Uint8Array =>
  section({ tableId: 0, extension: 1, body: [program >> 8, program & 0xff, 0xe0 | (pmtPid >> 8), pmtPid & 0xff] });

export function pmtSection(
  streams: readonly PmtStream[],
  program = 1,
  descriptors: readonly number[] = [],
): Uint8Array {
  const list = streams.flatMap(({ type, pid, descriptors = [] }) => [
    type,
    0xe0 | (pid >> 8),
    pid & 0xff,
    0xf0 | (descriptors.length >> 8),
    descriptors.length & 0xff,
    ...descriptors,
  ]);
  return section({
    tableId: 2,
    extension: program,
    body: [0xff, 0xff, 0xf0, descriptors.length, ...descriptors, ...list],
  });
}

/** Packets that carry a section from its pointer field on. */
export function sectionPackets(pid: number, content: Uint8Array): Uint8Array[] {
  return split(bytes([0], content), 184).map((payload, index) =>
    packet({ pid, payload: padded(payload, 184), start: index === 0 }),
  );
}

const padded = (content: Uint8Array, length: number): Uint8Array =>
  bytes(content, new Uint8Array(length - content.length).fill(0xff));

export const pat = (): Uint8Array => sectionPackets(PAT_PID, patSection())[0] as Uint8Array;
export const H264 = { type: 0x1b, pid: VIDEO_PID };
export const AAC = { type: 0x0f, pid: AUDIO_PID };
export const pmt = (...streams: readonly PmtStream[]): Uint8Array =>
  sectionPackets(PMT_PID, pmtSection(streams))[0] as Uint8Array;

export interface PesFields {
  readonly pid: number;
  readonly streamId: number;
  readonly pts?: number;
  readonly dts?: number;
  readonly content: Uint8Array;
  readonly pcr?: number;
  readonly randomAccess?: boolean;
}

/** The packets of one PES packet. */
export function pes(fields: PesFields): Uint8Array[] {
  const { pts, dts, content, pid, pcr } = fields;
  const stamps =
    pts === undefined ? [] : dts === undefined ? stampField(2, pts) : [...stampField(3, pts), ...stampField(1, dts)];
  const flags = pts === undefined ? 0 : dts === undefined ? 0x80 : 0xc0;
  const whole = bytes([0, 0, 1, fields.streamId, 0, 0, 0x80, flags, stamps.length], stamps, content);
  const first = whole.subarray(0, fields.randomAccess || pcr !== undefined ? 176 : 184);
  const start = packet({
    pid,
    start: true,
    payload: first,
    ...(pcr !== undefined && { pcr }),
    ...(fields.randomAccess && { randomAccess: true }),
  });
  return [start, ...split(whole.subarray(first.length), 184).map((payload) => packet({ pid, payload }))];
}

export function split(content: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(content.length / length) }, (_, index) =>
    content.subarray(index * length, (index + 1) * length),
  );
}

export function bytes(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Gives the packets of each PID the continuity counters that they should have. */
export function counted(packets: readonly Uint8Array[]): Uint8Array[] {
  const counters = new Map<number, number>();
  return packets.map((one) => {
    const copy = one.slice();
    const pid = (((copy[1] as number) & 0x1f) << 8) | (copy[2] as number);
    const isCounted = ((copy[3] as number) & 0x10) !== 0;
    const counter = ((counters.get(pid) ?? 15) + (isCounted ? 1 : 0)) & 15;
    counters.set(pid, counter);
    copy[3] = ((copy[3] as number) & 0xf0) | counter;
    return copy;
  });
}
