import {
  Decoder,
  encodeHandshake,
  LOCAL_EXTENSION_IDS,
  type Message,
  type Result,
  type WireEvent,
} from '../src/index.js';

export const HANDSHAKE = encodeHandshake({
  infohash: new Uint8Array(20).fill(0xaa),
  peerId: new Uint8Array(20).fill(0x2d),
  extended: true,
  dht: false,
  fast: false,
});

export const IDS = LOCAL_EXTENSION_IDS;

/** Every event of the chunks, a refusal last if there is one. */
export function read(decoder: Decoder, ...chunks: readonly Uint8Array[]): Result<WireEvent>[] {
  const events: Result<WireEvent>[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) events.push(event);
  }
  return events;
}

/** A decoder behind its handshake. */
export function greeted(...limits: ConstructorParameters<typeof Decoder>): Decoder {
  const decoder = new Decoder(...limits);
  read(decoder, HANDSHAKE);
  return decoder;
}

/** The messages that the bytes after a handshake hold, or the reason for which they are refused. */
export function outcome(...chunks: readonly Uint8Array[]): Message[] | string {
  const events = read(greeted(), ...chunks);
  const refused = events.find((event) => !event.ok);
  if (refused?.ok === false) return refused.reason;
  return events.flatMap((event) => (event.ok && event.value.type === 'message' ? [event.value.message] : []));
}

/** Text that is equal when the values are: comparing long arrays by element costs seconds. */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    const isRecord = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isRecord ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

/** A frame by hand: length, then what is given. */
export function frame(...body: readonly (number | Uint8Array)[]): Uint8Array {
  const bytes = body.flatMap((part) => (typeof part === 'number' ? [part] : [...part]));
  return Uint8Array.of(...u32(bytes.length), ...bytes);
}

export function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The bytes in pieces that end at the cuts. */
export function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set([...cuts.map((at) => at % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}
