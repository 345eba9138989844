import { afterEach, describe, expect, it } from 'vitest';
import { RawPeer } from '../raw-peer.js';
import { until } from '../stream.js';
import { Bench, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

async function tracked(isPrivate: boolean) {
  const node = await bench.node({ http: { routes: [] }, tracker: true });
  const trackers = [`http://127.0.0.1:${node.port}/announce`];
  const made = makeContent({ lengths: 300_000, trackers, isPrivate });
  const seeder = await bench.seeder(made, { node, discovery: true });
  await until(() => seeder.events.some(({ type }) => type === 'trackerReached'));
  return { made, seeder, node };
}

async function scraped(port: number, infohash: Uint8Array): Promise<string> {
  const hash = [...infohash].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const response = await fetch(`http://127.0.0.1:${port}/scrape?info_hash=${hash}`);
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

describe("a seeder's own tracker", () => {
  it('brings a stranger to it, and counts who has all', async () => {
    const { made, node } = await tracked(false);
    const { torrent, folder } = await bench.torrent(made, { discovery: true });
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
    let counts = '';
    for (let time = 0; time < 200 && !/completei2e/.test(counts); time += 1) {
      counts = await scraped(node.port, made.metainfo.infohash);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(counts).toMatch(/completei2e.*incompletei0e/);
  });
});

describe('a private torrent', () => {
  it.each([
    [true, undefined],
    [false, 1],
  ])('(%s) tells neighbours of no others', async (isPrivate, ut_pex) => {
    const { made, node } = await tracked(isPrivate);
    const peer = await RawPeer.dial(node.port);
    peer.greet(made.metainfo.infohash);
    await until(() => peer.of('extended-handshake').length === 1);
    expect(peer.of('extended-handshake')[0]?.ids.ut_pex).toBe(ut_pex);
  });
});
