import { createSocket } from 'node:dgram';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Announcer } from '../src/announcer.js';
import { compactPeers } from '../src/tracker.js';
import { announceHttp } from '../src/tracker-http.js';
import { announceUdp } from '../src/tracker-udp.js';
import { announceOf } from './announces.js';
import { until } from './stream.js';
import { LibraryServer } from './tracker-library.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

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
