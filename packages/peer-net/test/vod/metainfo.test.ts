import { afterEach, describe, expect, it } from 'vitest';
import { RawPeer, rawListener } from '../raw-peer.js';
import { until } from '../stream.js';
import { Bench, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

/** Its info dictionary takes three blocks. */
const large = () => {
  const names = Array.from({ length: 300 }, (_, at) => `${'x'.repeat(90)} ${at}`);
  return makeContent({ name: 'folder', lengths: Object.fromEntries(names.map((name) => [name, 1000])) });
};

describe('a magnet link', () => {
  it('becomes the metainfo that its infohash names', async () => {
    const made = large();
    const seeder = await bench.seeder(made);
    const node = await bench.node();
    const progress: number[] = [];
    const metainfo = await node.fetchMetainfo({
      infohash: made.metainfo.infohash,
      trackers: [],
      peers: [{ host: '127.0.0.1', port: seeder.node.port }],
      discovery: false,
      onProgress: (one) => progress.push(one.type === 'metainfo' ? one.receivedBytes : 0),
    });
    expect(metainfo).toEqual(made.metainfo);
    const { torrent, folder } = await bench.leecher({ ...made, metainfo }, seeder.node, { peersMax: 3 });
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
  });

  it('survives who sends other bytes, who lies about the size, and who sends nothing', async () => {
    const made = large();
    const { infohash, infoBytes } = made.metainfo;
    const seeder = await bench.seeder(made);
    const liars: RawPeer[] = [];
    const sizes = [infoBytes.length, infoBytes.length, 20_000, 9_999_999];
    const listeners = await Promise.all(
      sizes.map((metadataBytes, at) =>
        rawListener((peer) => {
          liars.push(peer);
          peer.greet(infohash, { metadataBytes });
          // The second one is silent; the others answer with zeros.
          if (at === 1) return;
          const timer = setInterval(() => {
            for (const message of peer.messages.splice(0)) {
              if (message.type !== 'metadata' || message.kind !== 'request') continue;
              const length = Math.min(16_384, metadataBytes - message.piece * 16_384);
              const { piece } = message;
              peer.send({
                type: 'metadata',
                kind: 'piece',
                piece,
                totalBytes: metadataBytes,
                bytes: new Uint8Array(length),
              });
            }
          }, 5);
          bench.later(() => clearInterval(timer));
        }),
      ),
    );
    for (const { close } of listeners) bench.later(close);
    const node = await bench.node();
    const peers = [...listeners.map(({ port }) => port), seeder.node.port].map((port) => ({ host: '127.0.0.1', port }));
    const metainfo = await node.fetchMetainfo({ infohash, trackers: [], peers, discovery: false });
    expect(metainfo).toEqual(made.metainfo);
  });

  it('is given up when the signal says so, and may be tried again', async () => {
    const { metainfo } = large();
    const node = await bench.node();
    const abort = new AbortController();
    const wanted = { infohash: metainfo.infohash, trackers: [], peers: [], discovery: false };
    const fetching = node.fetchMetainfo({ ...wanted, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(fetching).rejects.toThrow('enough');
    const again = node.fetchMetainfo(wanted);
    again.catch(() => undefined);
    await node.close();
    await expect(again).rejects.toThrow('closed before the metainfo was there');
  });
});

describe('who asks for the metainfo', () => {
  it('gets its blocks, and no more than twice', async () => {
    const made = large();
    const { node } = await bench.seeder(made);
    const peer = await RawPeer.dial(node.port);
    peer.greet(made.metainfo.infohash);
    await until(() => peer.of('extended-handshake').length === 1);
    expect(peer.of('extended-handshake')[0]?.metadataBytes).toBe(made.metainfo.infoBytes.length);
    for (let time = 0; time < 7; time += 1) peer.send({ type: 'metadata', kind: 'request', piece: time % 4 });
    await until(() => peer.of('metadata').length === 7);
    const answers = peer.of('metadata');
    expect(answers.map(({ kind }) => kind)).toEqual(['piece', 'piece', 'piece', 'reject', 'piece', 'piece', 'piece']);
    const bytes = answers.slice(0, 3).flatMap((answer) => (answer.kind === 'piece' ? [...answer.bytes] : []));
    expect(new Uint8Array(bytes)).toEqual(made.metainfo.infoBytes);
  });
});
