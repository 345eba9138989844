import { createSocket } from 'node:dgram';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Announcer } from '../src/announcer.js';
import { createSwarmNode, type SwarmNode } from '../src/node.js';
import { type Announce, compactPeers } from '../src/tracker.js';
import { announceHttp } from '../src/tracker-http.js';
import { ListedSwarm } from '../src/tracker-swarm.js';
import { announceUdp } from '../src/tracker-udp.js';
import { createStream, optionsOf, until } from './stream.js';
import { LibraryClient, LibraryServer } from './tracker-library.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function announceOf(overrides: Partial<Announce> = {}): Announce {
  return {
    // Bytes that have to be escaped, and some that must not be.
    infohash: Uint8Array.from({ length: 20 }, (_, at) => at * 13),
    peerId: Uint8Array.from({ length: 20 }, (_, at) => 255 - at * 12),
    port: 6881,
    event: 'started',
    upBytes: 2 ** 40,
    downBytes: 3,
    leftBytes: 1000,
    peersWanted: 50,
    ...overrides,
  };
}

async function libraryServer(): Promise<{ server: LibraryServer; port: number }> {
  const server = new LibraryServer({ http: true, udp: true, ws: false, stats: false, interval: 90_000 });
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const hosts = { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' };
  await new Promise<void>((resolve) => server.listen(0, hosts, resolve));
  return { server, port: (server.http.address() as AddressInfo).port };
}

async function answering(body: string | Uint8Array, status = 200): Promise<URL> {
  const server: HttpServer = createServer((_request, response) => {
    response.statusCode = status;
    response.end(body);
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/announce?key=1`);
}

const never = new AbortController().signal;

describe('announcing over HTTP', () => {
  it('agrees with bittorrent-tracker', async () => {
    const { server, port } = await libraryServer();
    const heard: unknown[] = [];
    server.on('start', (address, params) =>
      heard.push(address, params['info_hash'], params['peer_id'], params['left']),
    );
    const url = new URL(`http://127.0.0.1:${port}/announce`);
    await announceHttp(url, announceOf({ port: 7001, peerId: new Uint8Array(20) }), never);
    const answer = await announceHttp(url, announceOf(), never);
    expect(heard.slice(4)).toEqual([
      '127.0.0.1:6881',
      Buffer.from(announceOf().infohash).toString('hex'),
      Buffer.from(announceOf().peerId).toString('hex'),
      1000,
    ]);
    expect(answer.intervalMs).toBe(90_000);
    expect(answer.teller).toBe('127.0.0.1');
    expect(answer.peers).toContainEqual({ address: '127.0.0.1', port: 7001 });
  });

  it('reads peers of both families and both forms, and leaves out what is none', async () => {
    const compact = await answering(
      Buffer.concat([
        Buffer.from('d8:intervali60e5:peers12:'),
        Buffer.from([192, 0, 2, 1, 0x1a, 0xe1, 192, 0, 2, 2, 0, 0]),
        Buffer.from('6:peers618:'),
        Buffer.from('20010db8000000000000000000000001', 'hex'),
        Buffer.from([0x1a, 0xe1]),
        Buffer.from('e'),
      ]),
    );
    expect((await announceHttp(compact, announceOf(), never)).peers).toEqual([
      { address: '192.0.2.1', port: 6881 },
      { address: '2001:db8:0:0:0:0:0:1', port: 6881 },
    ]);
    const listed = await answering(
      'd5:peersld2:ip9:192.0.2.14:porti6881eed2:ip4:evil4:porti1eed2:ip9:192.0.2.14:porti0eei7eee',
    );
    expect(await announceHttp(listed, announceOf(), never)).toMatchObject({
      intervalMs: 0,
      peers: [{ address: '192.0.2.1', port: 6881 }],
    });
  });

  it.each([
    ['the five bytes that kill a careless decoder', 'l-3:e'],
    ['a page', '<html>'],
    ['nothing', ''],
    ['nesting', 'l'.repeat(100_000)],
    ['a list', 'le'],
  ])('refuses %s', async (_name, body) => {
    await expect(announceHttp(await answering(body), announceOf(), never)).rejects.toThrow(
      'the answer is not that of a tracker',
    );
  });

  it('says in one line why it is refused', async () => {
    const refusing = await answering('d14:failure reason9:go\n\x1b[31m!e');
    await expect(announceHttp(refusing, announceOf(), never)).rejects.toThrow(/^refused: go  \[31m!$/);
    await expect(announceHttp(await answering('', 404), announceOf(), never)).rejects.toThrow(
      /^the server answered 404$/,
    );
    await expect(announceHttp(await answering('x'.repeat(300_000)), announceOf(), never)).rejects.toThrow(
      /^more than 262144 bytes$/,
    );
  });

  it('takes at most 200 peers', () => {
    expect(compactPeers(new Uint8Array(6 * 1000).fill(1), 4)).toHaveLength(200);
    expect(compactPeers(new Uint8Array(17).fill(1), 16)).toEqual([]);
  });
});

describe('announcing over UDP', () => {
  it('agrees with bittorrent-tracker', async () => {
    const { server } = await libraryServer();
    const heard: unknown[] = [];
    server.on('start', (address, params) =>
      heard.push(address, params['info_hash'], params['left'], params['uploaded']),
    );
    const url = new URL(`udp://127.0.0.1:${server.udp.address().port}/announce`);
    const answer = await announceUdp(url, announceOf(), never);
    expect(heard).toEqual([
      '127.0.0.1:6881',
      Buffer.from(announceOf().infohash).toString('hex'),
      1000,
      expect.any(Number),
    ]);
    expect(answer).toMatchObject({ intervalMs: 90_000, peers: [{ address: '127.0.0.1', port: 6881 }] });
  });

  it('ignores answers to other questions, and gives up in one line', async () => {
    const liar = createSocket('udp4');
    closers.push(() => liar.close());
    liar.on('message', (_message, { port, address }) => liar.send(Buffer.alloc(16), port, address));
    await new Promise<void>((resolve) => liar.bind(0, '127.0.0.1', resolve));
    const give = new AbortController();
    const announced = announceUdp(new URL(`udp://127.0.0.1:${liar.address().port}`), announceOf(), give.signal);
    setTimeout(() => give.abort(), 100);
    await expect(announced).rejects.toThrow('given up');
  });
});

describe('an announcer', () => {
  it('warns once of a tracker that cannot be reached, and tries again', async () => {
    const told: string[] = [];
    const announcer = new Announcer('http://127.0.0.1:9/announce', {
      announce: announceOf,
      isLooking: () => true,
      onPeers: () => undefined,
      onReached: () => told.push('reached'),
      onUnreachable: (reason) => told.push(reason),
    });
    closers.push(() => announcer.close());
    await until(() => told.length > 0);
    expect(told).toEqual(['nobody answers there']);
  });

  it('says goodbye', async () => {
    const { server, port } = await libraryServer();
    const heard: string[] = [];
    for (const event of ['start', 'stop']) server.on(event, () => heard.push(event));
    const announcer = new Announcer(`http://127.0.0.1:${port}/announce`, {
      announce: announceOf,
      isLooking: () => false,
      onPeers: () => undefined,
      onReached: () => heard.push('reached'),
      onUnreachable: () => undefined,
    });
    await until(() => heard.includes('reached'));
    await announcer.close();
    expect(heard).toEqual(['start', 'reached', 'stop']);
  });
});

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
  const params = { type: 'http', event: 'started', info_hash: '', peer_id: 'aa', numwant: 50 } as const;

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
