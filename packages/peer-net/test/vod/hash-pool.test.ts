import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HashPart, HashPool } from '../../src/vod/hash-pool.js';

let pool: HashPool;
let folder: string;
beforeEach(async () => {
  pool = new HashPool(2);
  folder = await mkdtemp(join(tmpdir(), 'tstream-pool-'));
});
afterEach(async () => {
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

const sha1 = (...parts: Uint8Array[]) => createHash('sha1').update(Buffer.concat(parts)).digest();

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length + 100);
  new Uint8Array(memory).set(bytes);
  return memory;
}

describe('HashPool', () => {
  it('hashes memory, files and padding, one after the other', async () => {
    const [first, second] = [randomBytes(50_000), randomBytes(3_000_000)];
    const path = join(folder, 'x');
    await writeFile(path, second);
    const memory: HashPart = { memory: shared(first), bytes: first.length };
    const pieces: HashPart[][] = [
      [memory, { zeros: 100_000 }, { path, at: 10, bytes: 2_000_000, follow: false }],
      [memory],
      [
        { path, at: 0, bytes: 5, follow: false },
        { path, at: 2_999_999, bytes: 1, follow: false },
      ],
    ];
    const { digests, unread } = await pool.hash(pieces);
    const wanted = [
      sha1(first, Buffer.alloc(100_000), second.subarray(10, 2_000_010)),
      sha1(first),
      sha1(second.subarray(0, 5), second.subarray(-1)),
    ];
    expect(Buffer.compare(digests, Buffer.concat(wanted))).toBe(0);
    expect(unread).toEqual([]);
  });

  it('gives each of many that wait its own', async () => {
    const contents = Array.from({ length: 40 }, (_, at) => randomBytes(1 + 5000 * at));
    const all = await Promise.all(contents.map((one) => pool.hash([[{ memory: shared(one), bytes: one.length }]])));
    expect(all.map(({ digests }) => Buffer.from(digests))).toEqual(contents.map((one) => sha1(one)));
  });

  it('tells which pieces it could not read, and hashes the others', async () => {
    const path = join(folder, 'x');
    const link = join(folder, 'link');
    await writeFile(path, 'four');
    await symlink(path, link);
    const { digests, unread } = await pool.hash([
      [{ path: join(folder, 'gone'), at: 0, bytes: 1, follow: true }],
      [{ path, at: 0, bytes: 5, follow: true }],
      [{ path: link, at: 0, bytes: 4, follow: false }],
      [{ path: link, at: 0, bytes: 4, follow: true }],
    ]);
    expect(unread.map(({ piece, isChanged, code }) => [piece, isChanged, code])).toEqual([
      [0, false, 'ENOENT'],
      [1, true, undefined],
      [2, false, 'ELOOP'],
    ]);
    expect(Buffer.compare(digests.subarray(60), sha1(Buffer.from('four')))).toBe(0);
  });

  it('says so when its threads die, and starts others', async () => {
    await expect(pool.hash(5 as never)).rejects.toThrow(/^a thread that hashes has failed \(/);
    const { digests } = await pool.hash([[{ zeros: 3 }]]);
    expect(Buffer.compare(digests, sha1(Buffer.alloc(3)))).toBe(0);
  });

  it('rejects what waits when it is closed', async () => {
    const waiting = Array.from({ length: 5 }, () => pool.hash([[{ zeros: 1 << 20 }]]));
    const settled = Promise.allSettled(waiting);
    await pool.close();
    expect((await settled).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    await expect(pool.hash([])).rejects.toThrow('hashing was ended');
  });
});
