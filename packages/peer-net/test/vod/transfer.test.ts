import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench, collected, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

const FOLDER = { 'a/first.bin': 70_000, 'a/second.bin': 0, 'b.bin': 5, 'c/d/third.bin': 200_001, 'e.bin': 32_768 };

describe('a torrent', () => {
  it('goes from one node to another, byte by byte', async () => {
    const made = makeContent({ lengths: 5_000_001 });
    const seeder = await bench.seeder(made);
    const { torrent, folder, events } = await bench.leecher(made, seeder.node);
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
    expect(events.filter(({ type }) => type === 'complete')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'held')).toHaveLength(torrent.figures().pieces);
    expect(torrent.figures()).toMatchObject({ bytesHeld: 5_000_001, bytesWanted: 5_000_001, etaMs: 0, peers: 1 });
    expect(seeder.torrent.figures().bytesHeld).toBe(5_000_001);
  });

  it('of a folder goes with all its folders, and files of no bytes', async () => {
    const made = makeContent({ name: 'folder', lengths: FOLDER });
    const seeder = await bench.seeder(made);
    const { torrent, folder } = await bench.leecher(made, seeder.node);
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['.folder.tstream-resume', 'folder']);
  });

  it('goes on from those who have it when the first seeder is gone', async () => {
    const made = makeContent({ lengths: 1_000_000 });
    const seeder = await bench.seeder(made);
    const first = await bench.leecher(made, seeder.node);
    await first.torrent.whole;
    await seeder.node.close();
    const second = await bench.leecher(made, first.node);
    await second.torrent.whole;
    expect(await made.isIn(second.folder)).toBe(true);
  });

  it('is read while it comes, from several places, in order', async () => {
    const made = makeContent({ lengths: 3_000_000 });
    const seeder = await bench.seeder(made);
    const { torrent } = await bench.leecher(made, seeder.node);
    const [tail, whole, middle] = await Promise.all([
      collected(torrent.read(0, 2_900_000, 3_000_000)),
      collected(torrent.read(0, 0, 3_000_000)),
      collected(torrent.read(0, 1_000_001, 1_000_003)),
    ]);
    expect(tail.equals(made.bytes.subarray(2_900_000))).toBe(true);
    expect(whole.equals(made.bytes)).toBe(true);
    expect(middle.equals(made.bytes.subarray(1_000_001, 1_000_003))).toBe(true);
    expect(torrent.figures().readers).toBe(0);
  });

  it('brings only the files that are wanted, and one more when it is read', async () => {
    const made = makeContent({ name: 'folder', lengths: { 'a.bin': 100_000, 'b.bin': 300_000, 'c.bin': 100_000 } });
    const seeder = await bench.seeder(made);
    const { torrent } = await bench.leecher(made, seeder.node, { files: [2] });
    await torrent.whole;
    const { files, bytesHeld } = torrent.figures();
    expect(files.map(({ isWanted }) => isWanted)).toEqual([false, false, true]);
    expect(files[2]?.heldBytes).toBe(100_000);
    expect(bytesHeld).toBeLessThan(200_000);
    const read = await collected(torrent.read(0, 0, 100_000));
    expect(read.equals(made.bytes.subarray(0, 100_000))).toBe(true);
  });
});

describe('who reads', () => {
  it('has what it took in its own buffer: the forecast counts it', async () => {
    // 30 s at 100 kB/s, over a line that carries half as much again.
    const made = makeContent({ lengths: 3_000_000 });
    const seeder = await bench.seeder(made);
    const { torrent } = await bench.leecher(made, seeder.node, { downloadBitsPerSecondMax: 1_200_000 });
    let taken = 0;
    for await (const bytes of torrent.read(0, 0, 3_000_000)) {
      taken += bytes.length;
      if (taken > 400_000) break;
      // As soon as two seconds of it are here.
      if (taken > 300_000) expect(torrent.forecast(0, 30_000)).toEqual({ startsInMs: 0 });
    }
    expect(taken).toBeGreaterThan(400_000);
  });

  it('can leave while it waits', async () => {
    const made = makeContent({ lengths: 100_000 });
    const { torrent } = await bench.torrent(made);
    const reader = torrent.read(0, 0, 100_000);
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const abort = new AbortController();
    const other = torrent.read(0, 50_000, 100_000, { signal: abort.signal });
    const alsoWaiting = other.next();
    expect(torrent.figures().readers).toBe(1);
    abort.abort();
    expect(await alsoWaiting).toEqual({ done: true, value: undefined });
    expect(torrent.figures().readers).toBe(0);
  });

  it('hears the end when the torrent is closed', async () => {
    const made = makeContent({ lengths: 100_000 });
    const { torrent } = await bench.torrent(made);
    const waiting = torrent.read(0, 0, 1).next();
    await torrent.close();
    expect((await waiting).done).toBe(true);
    expect((await torrent.read(0, 0, 1).next()).done).toBe(true);
  });

  it('is told of places that are none', async () => {
    const made = makeContent({ lengths: 100_000 });
    const { torrent } = await bench.torrent(made);
    expect(() => torrent.read(1, 0, 1)).toThrow('expected a file 0..0, got 1');
    expect(() => torrent.read(0, 0, 100_001)).toThrow('expected bytes in 0..100000, got 0..100001');
    expect(await collected(torrent.read(0, 7, 7))).toHaveLength(0);
  });
});
