import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { createSwarmNode, type SwarmNode } from '../src/node.js';
import type { Announce } from '../src/tracker.js';
import { announceHttp } from '../src/tracker-http.js';
import { ListedSwarm } from '../src/tracker-swarm.js';
import { announceUdp } from '../src/tracker-udp.js';
import { announceOf } from './announces.js';
import { createStream, optionsOf, until } from './stream.js';
import { LibraryClient } from './tracker-library.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const never = new AbortController().signal;

describe('the tracker of a source', () => {
  const stream = createStream();

  async function source(): Promise<SwarmNode> {
    const node = await createSwarmNode({
      host: '127.0.0.1',
      port: 0,
      client: 'test',
      http: { routes: [] },
      tracker: true,
      onTrouble: () => undefined,
    });
    closers.push(() => node.close());
    await node.addSwarm(optionsOf(stream, { role: 'source' }));
    return node;
  }

  async function viewer(): Promise<number> {
    const node = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test', onTrouble: () => undefined });
    closers.push(() => node.close());
    await node.addSwarm(optionsOf(stream, {}));
    return node.port;
  }

  const own = (overrides: Partial<Announce> = {}) => announceOf({ infohash: stream.metainfo.infohash, ...overrides });

  it.each(['http', 'udp'])('lists who answers as a peer of the swarm, over %s', async (scheme) => {
    const { port } = await source();
    const url = new URL(`${scheme}://127.0.0.1:${port}/announce`);
    const ask = scheme === 'udp' ? announceUdp : announceHttp;
    const there = await viewer();
    expect((await ask(url, own({ port: there }), never)).peers).toEqual([]);
    // Nobody listens on this one.
    await ask(url, own({ port: 9 }), never);
    let peers: Announce['port'][] = [];
    await until(() => {
      void ask(url, own({ port: 10, event: undefined }), never).then(
        (answer) => (peers = answer.peers.map((peer) => peer.port)),
      );
      return peers.length > 0;
    });
    expect(peers).toEqual([there]);
    await ask(url, own({ port: there, event: 'stopped' }), never);
    expect((await ask(url, own({ port: 10 }), never)).peers).toEqual([]);
  });

  it('serves its own swarms only', async () => {
    const { port } = await source();
    const refused = /refused/;
    await expect(announceHttp(new URL(`http://127.0.0.1:${port}/announce`), announceOf(), never)).rejects.toThrow(
      refused,
    );
    await expect(announceUdp(new URL(`udp://127.0.0.1:${port}`), announceOf(), never)).rejects.toThrow(refused);
  });

  it('answers no packet without a connection id that it gave', async () => {
    const { port } = await source();
    const answers: Buffer[] = [];
    const client = createSocket('udp4');
    closers.push(() => client.close());
    client.on('message', (message) => answers.push(message));
    const announce = Buffer.alloc(98);
    announce.writeBigUInt64BE(0x41727101980n, 0);
    announce.writeUInt32BE(1, 8);
    announce.set(stream.metainfo.infohash, 16);
    client.send(announce, port, '127.0.0.1');
    const hello = Buffer.alloc(16);
    hello.writeBigUInt64BE(0x41727101980n, 0);
    client.send(hello, port, '127.0.0.1');
    await until(() => answers.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answers.map(({ length }) => length)).toEqual([16]);
  });

  it('speaks with bittorrent-tracker’s client, which finds a viewer', async () => {
    const { port } = await source();
    const there = await viewer();
    await announceHttp(new URL(`http://127.0.0.1:${port}/announce`), own({ port: there }), never);
    const found: string[] = [];
    const client = new LibraryClient({
      infoHash: Buffer.from(stream.metainfo.infohash),
      peerId: Buffer.alloc(20, 'x'),
      port: 10,
      announce: [`http://127.0.0.1:${port}/announce`, `udp://127.0.0.1:${port}/announce`],
    });
    closers.push(() => new Promise<void>((resolve) => client.destroy(() => resolve())));
    const warnings: Error[] = [];
    client.on('warning', (warning: Error) => warnings.push(warning));
    client.on('peer', (peer: string) => found.push(peer));
    client.start();
    await until(() => found.length >= 2);
    expect(found).toEqual([`127.0.0.1:${there}`, `127.0.0.1:${there}`]);
    expect(warnings).toEqual([]);
  });
});

describe('a listed swarm', () => {
  const params = { type: 'http', event: 'started', info_hash: '', peer_id: 'aa', numwant: 50, left: 1 } as const;

  async function listed(addresses: readonly string[]): Promise<(asker: string) => string[]> {
    const swarm = new ListedSwarm({ probe: () => Promise.resolve(true), random: () => 0 });
    for (const ip of addresses) swarm.announce({ ...params, ip, port: 1 }, () => undefined);
    await Promise.resolve();
    return (asker) => {
      let found: string[] = [];
      swarm.announce(
        { ...params, ip: asker, port: 2 },
        (_error, answer) => (found = answer?.peers.map(({ ip }) => ip) ?? []),
      );
      return found.sort();
    };
  }

  it('takes few of one block, so that no one party fills it', async () => {
    const block = Array.from({ length: 10 }, (_, at) => `192.0.2.${at + 1}`);
    expect((await listed([...block, '198.51.100.1']))('203.0.113.1')).toHaveLength(5);
  });

  it('takes all of a home and of this machine, and tells only those who can reach them', async () => {
    const home = Array.from({ length: 10 }, (_, at) => `192.168.1.${at + 1}`);
    const ask = await listed([...home, '127.0.0.2', '198.51.100.1']);
    expect(ask('127.0.0.1')).toHaveLength(12);
    expect(ask('192.168.1.99')).toHaveLength(11);
    expect(ask('203.0.113.1')).toEqual(['198.51.100.1']);
  });

  it('lists nobody twice, and refuses events that there are not', async () => {
    const swarm = new ListedSwarm({ probe: () => Promise.resolve(true), random: () => 0 });
    const errors: unknown[] = [];
    swarm.announce({ ...params, event: '__proto__', ip: '192.0.2.1', port: 1 }, (error) => errors.push(error));
    for (let time = 0; time < 3; time += 1) swarm.announce({ ...params, ip: '192.0.2.1', port: 1 }, () => undefined);
    await Promise.resolve();
    expect(errors).toEqual([new Error('invalid event')]);
    expect(swarm.size).toBe(1);
  });
});
