import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  Decoder,
  type ExtensionIds,
  encodedBytes,
  encodeHandshake,
  encodeMessage,
  type Handshake,
  LOCAL_EXTENSION_IDS,
  type Message,
  type WireReason,
} from '../src/index.js';
import { HANDSHAKE, outcome, read } from './reading.js';

type Hex<T> = { readonly [K in keyof T]: T[K] extends Uint8Array ? string : T[K] };
type HexMessage = Record<string, unknown> & Pick<Message, 'type'>;

const vectors = JSON.parse(readFileSync(new URL('../../../spec/vectors/wire.json', import.meta.url), 'utf8')) as {
  readonly ids: ExtensionIds;
  readonly handshakes: readonly { name: string; fields: Hex<Handshake>; bytes: string }[];
  readonly accepted: readonly { name: string; message: HexMessage; bytes: string }[];
  readonly acceptedOtherwise: readonly { name: string; messages: HexMessage[]; bytes: string }[];
  readonly refused: readonly { name: string; reason: WireReason; bytes: string }[];
};

const generator = fileURLToPath(new URL('../../../spec/vectors/gen/wire.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!python && process.env['CI'] !== 'true')('the vectors are what their generator makes', () => {
  const check = spawnSync('python3', [generator, '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

test('the ids are those that this package receives', () => {
  expect(vectors.ids).toEqual(LOCAL_EXTENSION_IDS);
});

describe('wire vectors', () => {
  test.each(vectors.handshakes)('handshake with $name', ({ fields, bytes }) => {
    const handshake = { ...fields, infohash: bytesOf(fields.infohash), peerId: bytesOf(fields.peerId) };
    expect(encodeHandshake(handshake)).toEqual(bytesOf(bytes));
    expect(read(new Decoder(), bytesOf(bytes))).toEqual([{ ok: true, value: { type: 'handshake', ...handshake } }]);
  });

  test.each(vectors.accepted)('writes and reads $name', ({ message, bytes }) => {
    const plain = messageOf(message);
    expect(encodeMessage(plain, vectors.ids)).toEqual(bytesOf(bytes));
    expect(encodedBytes(plain)).toBe(bytes.length / 2);
    expect(outcome(bytesOf(bytes))).toEqual([plain]);
  });

  test.each(vectors.acceptedOtherwise)('reads $name', ({ messages, bytes }) => {
    expect(outcome(bytesOf(bytes))).toEqual(messages.map(messageOf));
  });

  test.each(vectors.refused)('refuses $name: $reason', ({ reason, bytes }) => {
    expect(outcome(bytesOf(bytes))).toBe(reason);
  });

  test('bytes of a handshake that is none are refused', () => {
    for (let at = 0; at < 20; at++) {
      const altered = HANDSHAKE.slice(0, at + 1);
      altered[at] = (altered[at] as number) ^ 1;
      expect(read(new Decoder(), altered)).toEqual([{ ok: false, reason: 'not-bittorrent' }]);
    }
  });
});

const BYTES = new Set(['bits', 'block', 'bytes', 'certificate', 'proof', 'header', 'bitmap']);

function messageOf(message: HexMessage): Message {
  const fields = Object.entries(message).map(([key, value]) => {
    if (BYTES.has(key)) return [key, bytesOf(`${value}`)];
    return [key, key === 'reports' ? (value as HexMessage[]).map(messageOf) : value];
  });
  return Object.fromEntries(fields) as Message;
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
