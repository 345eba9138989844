import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContentFiles } from '../../src/vod/content-files.js';
import { ContentLayout } from '../../src/vod/content-layout.js';
import { type HashPart, HashPool } from '../../src/vod/hash-pool.js';
import { PieceStore } from '../../src/vod/piece-store.js';

const PIECE = 32_768;
const BLOCK = 16_384;
const content = randomBytes(4 * PIECE);
const layout = new ContentLayout({
  files: [{ path: ['x'], lengthBytes: content.length, offsetBytes: 0, isPadding: false }],
  pieceLength: PIECE,
  lengthBytes: content.length,
});
const pieceOf = (index: number) => content.subarray(index * PIECE, (index + 1) * PIECE);
const hashes = Buffer.concat([0, 1, 2, 3].map((index) => createHash('sha1').update(pieceOf(index)).digest()));

const pool = new HashPool(2);
afterAll(() => pool.close());

/** A disk that says what it is told to say, when it is told to. */
class FakeFiles {
  readonly disk = Buffer.alloc(content.length);
  readonly reads: number[] = [];
  trouble: string | undefined;
  /** Writes that wait. */
  readonly held: (() => void)[] = [];
  isHolding = false;

  async write(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.trouble !== undefined) throw Object.assign(new Error('trouble'), { code: this.trouble });
    this.disk.set(Buffer.concat(parts), offset);
  }

  read(offset: number, into: Uint8Array): Promise<number> {
    this.reads.push(into.length);
    into.set(this.disk.subarray(offset, offset + into.length));
    return Promise.resolve(into.length);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let files: FakeFiles;
let hashing: { hash: HashPool['hash'] };
let log: string[];
let store: PieceStore;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  files = new FakeFiles();
  hashing = { hash: (pieces: readonly (readonly HashPart[])[]) => pool.hash(pieces) };
  log = [];
  store = new PieceStore(layout, files as unknown as ContentFiles, hashes, hashing, {
    onWritten: (index) => log.push(`written ${index}`),
    onLost: (index, reason) => log.push(`lost ${index}: ${reason}`),
    onTrouble: (reason) => log.push(reason ?? 'recovered'),
    onUnchecked: (reason) => log.push(`unchecked: ${reason}`),
    onPressure: (isHigh) => log.push(isHigh ? 'stop reading' : 'read on'),
    neighbours: () => 1,
  });
});
afterEach(async () => {
  files.isHolding = false;
  files.held.splice(0).forEach((go) => go());
  await store.close();
  vi.useRealTimers();
});

/** Whatever kind of bytes they are; a promise is none. */
function plain(bytes: unknown): number[] {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('expected bytes at once');
  return [...bytes];
}

function bring(index: number, bytes: Uint8Array = pieceOf(index)): Promise<boolean> {
  store.addBlock(index, BLOCK, bytes.subarray(BLOCK));
  store.addBlock(index, 0, bytes.subarray(0, BLOCK));
  return store.verify(index);
}

describe('a piece', () => {
  it('is written when its SHA-1 holds, and not otherwise', async () => {
    expect(await bring(1)).toBe(true);
    const bad = Buffer.from(pieceOf(2));
    bad[20_000] = (bad[20_000] as number) ^ 1;
    expect(await bring(2, bad)).toBe(false);
    store.addBlock(3, 0, pieceOf(3).subarray(0, BLOCK));
    expect(await store.verify(3)).toBe(false);
    await store.flushed();
    expect(log.filter((line) => line.startsWith('written'))).toEqual(['written 1']);
    expect(files.disk.subarray(PIECE, 2 * PIECE).equals(pieceOf(1))).toBe(true);
    expect(files.disk.subarray(2 * PIECE).every((byte) => byte === 0)).toBe(true);
  });

  it('is read before it is written, also over the bounds of blocks', async () => {
    files.isHolding = true;
    await bring(0);
    expect(plain(store.read(0, 100, 50))).toEqual(plain(content.subarray(100, 150)));
    expect(plain(store.read(0, 16_000, 1000))).toEqual(plain(content.subarray(16_000, 17_000)));
    expect(files.reads).toEqual([]);
  });

  it('is read from the disk at once, and its blocks from memory', async () => {
    files.disk.set(content);
    expect(plain(await store.read(0, 0, BLOCK))).toEqual(plain(content.subarray(0, BLOCK)));
    expect(plain(store.read(0, BLOCK, BLOCK))).toEqual(plain(content.subarray(BLOCK, PIECE)));
    expect(files.reads).toEqual([PIECE]);
  });
});

describe('a full disk', () => {
  it('is told of once; what is verified is kept, read, and written when there is room', async () => {
    files.trouble = 'ENOSPC';
    expect(await Promise.all([bring(0), bring(1), bring(2)])).toEqual([true, true, true]);
    await store.flushed();
    expect(log.filter((line) => !line.endsWith('on') && !line.startsWith('stop'))).toEqual(['the disk is full']);
    // Neighbours are heard out all the same.
    expect(log.at(-2)).toBe('read on');
    expect(plain(store.read(2, 0, 10))).toEqual(plain(pieceOf(2).subarray(0, 10)));
    await vi.advanceTimersByTimeAsync(5000);
    expect(log.at(-1)).toBe('the disk is full');
    files.trouble = undefined;
    await vi.advanceTimersByTimeAsync(5000);
    await store.flushed();
    expect(log).toContain('recovered');
    expect(log.filter((line) => line.startsWith('written')).sort()).toEqual(['written 0', 'written 1', 'written 2']);
    expect(files.disk.subarray(0, 3 * PIECE).equals(content.subarray(0, 3 * PIECE))).toBe(true);
  });
});

describe('a slow disk', () => {
  it('stops reading sockets while two pieces a neighbour are in memory only', async () => {
    files.isHolding = true;
    await bring(0);
    expect(log).toEqual([]);
    store.addBlock(1, 0, pieceOf(1).subarray(0, BLOCK));
    expect(log).toEqual(['stop reading']);
    files.held.splice(0).forEach((go) => go());
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['stop reading', 'read on', 'written 0']);
  });
});

describe('a piece that can not be checked', () => {
  it('is checked again, and told of', async () => {
    const hash = hashing.hash;
    hashing.hash = () => Promise.reject(new Error('no thread'));
    const checked = bring(0);
    await store.flushed();
    expect(log.filter((line) => line.startsWith('unchecked'))).toEqual(['unchecked: no thread']);
    hashing.hash = hash;
    await vi.advanceTimersByTimeAsync(5000);
    expect(await checked).toBe(true);
  });
});

describe('memory', () => {
  it('that is still being sent is not written to', async () => {
    files.disk.set(content);
    const lent = await store.lend(3, 0, BLOCK);
    for (let round = 0; round < 3; round++) {
      expect(await bring(0)).toBe(true);
      const leaving = store.lend(0, 0, BLOCK);
      await store.flushed();
      expect(await bring(1)).toBe(true);
      expect(plain((await leaving)?.bytes)).toEqual(plain(content.subarray(0, BLOCK)));
      (await leaving)?.giveBack();
      await store.flushed();
    }
    store.forget(3);
    await store.lend(2, 0, BLOCK);
    expect(plain(lent?.bytes)).toEqual(plain(content.subarray(3 * PIECE, 3 * PIECE + BLOCK)));
  });
});
