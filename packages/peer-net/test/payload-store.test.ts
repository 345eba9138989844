import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PieceHeader } from '@tstream/live-piece-auth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageError } from '../src/disk-slots.js';
import { PayloadStore } from '../src/payload-store.js';
import { until } from './stream.js';

const PIECE = 16_384;
const payloads = Array.from({ length: 20 }, () => new Uint8Array(randomBytes(PIECE)));
let folder: string;
let stores: PayloadStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-test-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
  await rm(folder, { recursive: true });
});

async function store(memoryPieces: number, diskPieces: number, troubles: string[] = []): Promise<PayloadStore> {
  const disk = diskPieces === 0 ? undefined : { folder, bytesMax: diskPieces * PIECE };
  const limits = { pieceBytes: PIECE, memoryBytesMax: memoryPieces * PIECE, disk };
  const made = await PayloadStore.open(limits, (reason) => troubles.push(reason));
  stores.push(made);
  return made;
}

async function held(store: PayloadStore): Promise<number[]> {
  const seqs: number[] = [];
  for (const [seq, payload] of payloads.entries()) {
    const bytes = await store.read(1, seq, 0, PIECE);
    if (bytes) {
      expect(Buffer.compare(bytes, payload)).toBe(0);
      seqs.push(seq);
    }
  }
  return seqs;
}

function header(seq: number, payloadBytes: number): PieceHeader {
  const flags = { entry: false, discontinuity: false, heartbeat: false, end: false };
  return { ...flags, run: 1, seq, sourceTimeMs: 0, payloadBytes, digests: [] };
}

describe('payloads in memory', () => {
  it('keeps the newest pieces, and drops the oldest when there is no disk', async () => {
    const memory = await store(4, 0);
    for (const [seq, payload] of payloads.slice(0, 6).entries()) memory.put(1, seq, payload);
    expect(await held(memory)).toEqual([2, 3, 4, 5]);
    expect(memory.memoryBytes).toBe(4 * PIECE);
    expect(memory.capacityPieces).toBe(4);
  });

  it('gives out blocks of a piece that is not whole yet, and any part of it', async () => {
    const memory = await store(4, 0);
    const payload = payloads[0] as Uint8Array;
    memory.addBlock(header(0, PIECE), 8192, payload.subarray(8192), false);
    expect(memory.read(1, 0, 8192, 100)).toEqual(payload.subarray(8192, 8292));
    memory.addBlock(header(0, PIECE), 0, payload.subarray(0, 8192), true);
    expect(memory.read(1, 0, 0, PIECE)).toEqual(payload);
    expect(memory.read(1, 0, 1, PIECE)).toBeUndefined();
    expect(memory.read(2, 0, 0, 1)).toBeUndefined();
  });

  it('frees what is discarded or abandoned', async () => {
    const memory = await store(20, 0);
    for (const [seq, payload] of payloads.slice(0, 6).entries()) memory.put(1, seq, payload);
    memory.put(2, 0, payloads[7] as Uint8Array);
    memory.addBlock(header(9, PIECE), 0, new Uint8Array(10), false);
    memory.abandon(1, 9);
    memory.abandon(1, 5);
    memory.discard(1, 4);
    expect(await held(memory)).toEqual([4, 5]);
    expect(memory.memoryBytes).toBe(3 * PIECE);
    memory.discard(1, Number.POSITIVE_INFINITY);
    expect(memory.pieces).toBe(1);
    expect(memory.memoryBytes).toBe(PIECE);
  });
});

describe('payloads on disk', () => {
  it('keeps older pieces in a file that has no name', async () => {
    const both = await store(2, 10);
    for (const [seq, payload] of payloads.slice(0, 8).entries()) both.put(1, seq, payload);
    await until(() => both.memoryBytes === 2 * PIECE);
    expect(await held(both)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(both.capacityPieces).toBe(12);
    expect(await readdir(folder)).toEqual([]);
  });

  it('drops the oldest when the file is full too, and uses freed places again', async () => {
    const both = await store(2, 3);
    for (const [seq, payload] of payloads.entries()) {
      both.put(1, seq, payload);
      await until(() => both.memoryBytes <= 2 * PIECE);
    }
    expect(await held(both)).toEqual([15, 16, 17, 18, 19]);
    both.discard(1, 17);
    both.put(1, 0, payloads[0] as Uint8Array);
    both.put(1, 1, payloads[1] as Uint8Array);
    await until(() => both.memoryBytes === 2 * PIECE);
    expect(await held(both)).toEqual([0, 1, 17, 18, 19]);
  });

  it('never gives the bytes of another piece, whatever goes while it reads', async () => {
    const both = await store(1, 2);
    for (const [seq, payload] of payloads.slice(0, 3).entries()) both.put(1, seq, payload);
    await until(() => both.memoryBytes === PIECE);
    const reading = both.read(1, 0, 0, PIECE);
    both.discard(1, 1);
    expect(await reading).toBeUndefined();
  });

  it('goes on with the places that it has when the disk is full, and says so once', async () => {
    const troubles: string[] = [];
    const both = await store(2, 10, troubles);
    await failWrites(3, 'ENOSPC');
    for (const [seq, payload] of payloads.entries()) {
      both.put(1, seq, payload);
      await until(() => both.memoryBytes <= 2 * PIECE);
    }
    expect(troubles).toEqual(['the disk is full: pieces are kept in the 3 places written so far and in memory']);
    expect(both.capacityPieces).toBe(5);
    expect(await held(both)).toEqual([15, 16, 17, 18, 19]);
  });

  it('goes on in memory when the disk fails, and says so once', async () => {
    const troubles: string[] = [];
    const both = await store(2, 10, troubles);
    await failWrites(3, 'EIO');
    for (const [seq, payload] of payloads.entries()) {
      both.put(1, seq, payload);
      await until(() => both.memoryBytes <= 2 * PIECE);
    }
    expect(troubles).toEqual(['the disk failed (EIO): pieces are kept in memory only']);
    expect(both.capacityPieces).toBe(2);
    expect(await held(both)).toEqual([18, 19]);
  });

  it('refuses a folder that cannot be written in one line', async () => {
    const limits = { pieceBytes: PIECE, memoryBytesMax: PIECE, disk: { folder: join(folder, 'no'), bytesMax: PIECE } };
    await expect(PayloadStore.open(limits, () => undefined)).rejects.toThrow(StorageError);
    await expect(PayloadStore.open(limits, () => undefined)).rejects.toThrow(
      `cannot store video in ${join(folder, 'no')} (there is no such folder): choose a folder that can be written`,
    );
  });
});

/** Every file handle's writes succeed so often, then fail; places that were written go on working if the disk is full. */
async function failWrites(after: number, code: string): Promise<void> {
  const probe = await open(join(folder, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(probe) as { write: (...args: unknown[]) => Promise<unknown> };
  const { write } = prototype;
  let writes = 0;
  vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...args: unknown[]) {
    writes += 1;
    const fails = code === 'ENOSPC' ? (args[3] as number) >= after * PIECE : writes > after;
    return fails ? Promise.reject(Object.assign(new Error(code), { code })) : write.apply(this, args);
  });
  await probe.close();
  await rm(join(folder, 'probe'));
}
