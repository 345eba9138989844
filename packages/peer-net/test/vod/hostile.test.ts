import { afterEach, describe, expect, it } from 'vitest';
import { RawPeer } from '../raw-peer.js';
import { until } from '../stream.js';
import { Bench, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

const made = makeContent({ lengths: 400_000 });
const { infohash } = made.metainfo;

/** A peer that has all, as BEP 3 alone knows it: no BEP 10, no BEP 6. */
async function oldSeeder(port: number): Promise<RawPeer> {
  const peer = await RawPeer.dial(port);
  peer.write(Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), infohash, peer.peerId]));
  await until(() => peer.handshake !== undefined);
  peer.send({ type: 'bitfield', bits: Uint8Array.of(0xff, 0xf8) });
  return peer;
}

describe('a client that knows BEP 3 alone', () => {
  it('is served, and hears of no extension', async () => {
    const { node } = await bench.seeder(made);
    const peer = await RawPeer.dial(node.port);
    peer.write(Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), infohash, peer.peerId]));
    peer.send({ type: 'interested' });
    await until(() => peer.of('unchoke').length === 1);
    expect(peer.messages[0]).toEqual({ type: 'bitfield', bits: Uint8Array.of(0xff, 0xf8) });
    peer.send({ type: 'request', index: 12, begin: 0, length: 6784 });
    await until(() => peer.of('piece').length === 1);
    const last = peer.of('piece')[0];
    expect(Buffer.from(last?.block ?? []).equals(made.bytes.subarray(393_216))).toBe(true);
    expect(peer.of('extended-handshake')).toEqual([]);
  });

  it('is shown the first pieces by a seeder that super-seeds to another one already', async () => {
    const { node } = await bench.seeder(made, { superSeeding: true });
    const [alone, second] = [await RawPeer.dial(node.port), await RawPeer.dial(node.port)];
    for (const peer of [alone, second]) {
      peer.write(Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), infohash, peer.peerId]));
      await until(() => peer.handshake !== undefined);
      peer.send({ type: 'interested' });
      await until(() => peer.of('unchoke').length === 1);
    }
    await until(() => second.of('have').length === 4);
    expect(second.of('have').map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect([alone, second].map((peer) => peer.of('bitfield').length)).toEqual([1, 0]);
  });

  it('serves', async () => {
    const { node, torrent, folder } = await bench.torrent(made);
    const peer = await oldSeeder(node.port);
    peer.send({ type: 'unchoke' });
    const timer = setInterval(() => {
      for (const message of peer.messages.splice(0)) {
        if (message.type !== 'request') continue;
        const { index, begin, length } = message;
        const at = index * 32_768 + begin;
        peer.send({ type: 'piece', index, begin, block: made.bytes.subarray(at, at + length) });
      }
    }, 2);
    bench.later(() => clearInterval(timer));
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
  });
});

describe('what comes first', () => {
  it('is what we hold, then the extended handshake', async () => {
    const { node } = await bench.seeder(made);
    const peer = await RawPeer.dial(node.port);
    peer.sendHandshake(infohash);
    await until(() => peer.of('extended-handshake').length === 1);
    expect(peer.messages.slice(0, 2).map(({ type }) => type)).toEqual(['bitfield', 'extended-handshake']);
    expect(peer.of('extended-handshake')[0]).toMatchObject({
      ids: { ut_metadata: 2, ts_live: 3 },
      metadataBytes: made.metainfo.infoBytes.length,
      port: node.port,
    });
  });
});

describe('who breaks the protocol of a torrent', () => {
  it.each<[string, (peer: RawPeer) => void]>([
    ['bytes that are no message', (peer) => peer.write(Buffer.from('7fffffff14', 'hex'))],
    ['a request outside of the torrent', (peer) => peer.send({ type: 'request', index: 13, begin: 0, length: 1 })],
    ['a have outside of the torrent', (peer) => peer.send({ type: 'have', index: 13 })],
    ['a bitfield of another length', (peer) => peer.send({ type: 'bitfield', bits: new Uint8Array(3) })],
    [
      'endless messages',
      (peer) => {
        for (let time = 0; time < 200; time += 1)
          peer.write(Buffer.alloc(4 * 1000 * 5, Buffer.from('0000000102', 'hex')));
      },
    ],
  ])('by %s is closed and kept out; nobody else is', async (_name, offend) => {
    const { node, torrent, events } = await bench.seeder(made);
    const honest = await RawPeer.dial(node.port);
    honest.greet(infohash);
    const hostile = await RawPeer.dial(node.port);
    hostile.sendHandshake(infohash);
    await until(() => torrent.figures().peers === 2);
    offend(hostile);
    await until(() => hostile.closed);
    // CLOSE is a word of `ts_live`, which it never said that it speaks.
    expect(hostile.of('close')).toEqual([]);
    expect(events.filter(({ type }) => type === 'banned')).toHaveLength(1);
    const again = await RawPeer.dial(node.port, hostile.peerId);
    again.greet(infohash);
    await until(() => again.closed);
    expect(again.handshake).toBeUndefined();
    expect(honest.closed).toBe(false);
  });

  it('by bad blocks is found out, and the content is whole all the same', async () => {
    const seeder = await bench.seeder(made);
    const { node, torrent, folder, events } = await bench.leecher(made, seeder.node, { downloadBitsPerSecondMax: 4e6 });
    const liar = await oldSeeder(node.port);
    liar.send({ type: 'unchoke' });
    const timer = setInterval(() => {
      for (const message of liar.messages.splice(0)) {
        if (message.type !== 'request') continue;
        const { index, begin, length } = message;
        liar.send({ type: 'piece', index, begin, block: new Uint8Array(length) });
      }
    }, 2);
    bench.later(() => clearInterval(timer));
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
    await until(() => liar.closed);
    expect(events.filter((event) => event.type === 'banned').map(({ reason }) => reason)).toEqual(['bad-block']);
  });

  it('by going silent in the middle of a piece holds up nobody', async () => {
    const { node, torrent, folder } = await bench.torrent(made);
    const silent = await oldSeeder(node.port);
    silent.send({ type: 'unchoke' });
    await until(() => silent.of('request').length > 0);
    await bench.seeder(made, { peers: [{ host: '127.0.0.1', port: node.port }] });
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
  }, 120_000);

  it('by random bytes is closed, whatever they are', async () => {
    const { node, torrent } = await bench.seeder(made);
    for (let time = 0; time < 30; time += 1) {
      const peer = await RawPeer.dial(node.port);
      peer.sendHandshake(infohash);
      peer.write(Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919 + time * 104_729) & 255)));
      peer.socket.end();
      await until(() => peer.closed);
    }
    await until(() => torrent.figures().peers === 0);
  });
});

describe('a live swarm and a torrent', () => {
  it('share a port, and each speaks its own way', async () => {
    const { node, torrent } = await bench.seeder(made);
    const peer = await RawPeer.dial(node.port);
    peer.greet(new Uint8Array(20).fill(1));
    await until(() => peer.closed);
    const other = await RawPeer.dial(node.port);
    other.greet(infohash);
    await until(() => torrent.figures().peers === 1);
    await node.close();
    // It said that it speaks ts_live, so it is told why.
    expect(await other.closeReason()).toBe('leaving');
  });
});
