import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { webSeedUrl } from '../../src/vod/web-seed.js';
import { until } from '../stream.js';
import { Bench, type ContentShape, collected, type MadeContent, makeContent } from './torrents.js';

const bench = new Bench();
afterEach(() => bench.clear());

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

interface Served {
  readonly made: MadeContent;
  readonly requests: { readonly url: string; readonly range: string; readonly port: number }[];
}

/** As every web server does it. */
const ranges: Answer = (request, response, body) => {
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const part = body.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
  const contentRange = `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`;
  response.writeHead(206, { 'content-range': contentRange, 'content-length': part.length });
  response.end(part);
};

/** A torrent whose files a server has below `/files/`. */
async function served(shape: ContentShape, answer: Answer, path = '/files/'): Promise<Served> {
  let made: MadeContent | undefined;
  const requests: Served['requests'] = [];
  const server: Server = createServer((request, response) => {
    const url = request.url ?? '';
    requests.push({ url, range: request.headers.range ?? '', port: request.socket.remotePort ?? 0 });
    const wanted = decodeURIComponent(url.replace(/^\/files\//, '').replace(/\?.*$/, ''));
    const file = made?.files.find((one) => one.path === wanted);
    if (file) answer(request, response, file.bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.later(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  made = makeContent({ ...shape, webSeeds: [`http://127.0.0.1:${port}${path}`] });
  return { made, requests };
}

describe('a web seed', () => {
  it('gives a whole folder, over one connection, names with blanks and signs included', async () => {
    const lengths = { 'a b/ü&?#.bin': 100_000, 'empty.bin': 0, 'c%20d.bin': 70_000, 'e.bin': 3 };
    const { made, requests } = await served({ name: 'the folder', lengths }, ranges);
    const { torrent, folder } = await bench.torrent(made);
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
    expect(new Set(requests.map(({ port }) => port)).size).toBe(1);
    expect(torrent.figures().neighbours).toMatchObject([{ kind: 'webSeed', address: made.metainfo.webSeeds[0] }]);
  });

  it('gives a file beside other neighbours', async () => {
    const { made } = await served({ lengths: 2_000_000 }, ranges);
    const seeder = await bench.seeder({ ...made, metainfo: { ...made.metainfo, webSeeds: [] } });
    const { torrent, folder } = await bench.leecher(made, seeder.node);
    const [all] = await Promise.all([collected(torrent.read(0, 0, 2_000_000)), torrent.whole]);
    expect(all.equals(made.bytes)).toBe(true);
    expect(await made.isIn(folder)).toBe(true);
  });

  it('that knows no ranges gives all the same', async () => {
    const whole: Answer = (_request, response, body) =>
      response.writeHead(200, { 'content-length': body.length }).end(body);
    const { made } = await served({ lengths: 600_000 }, whole);
    const { torrent, folder } = await bench.torrent(made);
    await torrent.whole;
    expect(await made.isIn(folder)).toBe(true);
  });

  it.each<[string, Answer, RegExp]>([
    [
      'has another file there',
      (_request, response) => response.writeHead(200, { 'content-length': 5 }).end('other'),
      /another length/,
    ],
    [
      'sends another range',
      (_request, response, body) => response.writeHead(206, { 'content-range': `bytes 7-9/${body.length}` }).end('abc'),
      /another range/,
    ],
    [
      'ends too early',
      (request, response, body) => {
        const range = `${request.headers.range?.replace('=', ' ')}/${body.length}`;
        response.writeHead(206, { 'content-range': range, 'content-length': 10 }).end('0123456789');
      },
      /ended too early/,
    ],
    ['answers with an error', (_request, response) => response.writeHead(503).end(), /answered 503/],
    [
      'sends round in circles',
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      /more than 3 redirects/,
    ],
  ])('that %s is told of, and does no harm', async (_name, answer, reason) => {
    const { made } = await served({ lengths: 100_000 }, answer);
    const { torrent, events } = await bench.torrent(made);
    await until(() => events.some(({ type }) => type === 'webSeedTrouble'));
    expect(events.find((event) => event.type === 'webSeedTrouble')?.reason).toMatch(reason);
    expect(torrent.figures().bytesHeld).toBe(0);
  });

  it('that serves no ranges isn’t asked for what lies far behind', async () => {
    const whole: Answer = (_request, response, body) =>
      void response.writeHead(200, { 'content-length': body.length }).end(body);
    const { made } = await served({ lengths: 12_000_000 }, whole);
    const { torrent, events } = await bench.torrent(made);
    const reader = torrent.read(0, 8_000_000, 8_000_001, { playing: true });
    bench.later(() => reader.return?.());
    void reader.next().catch(() => undefined);
    await until(() => events.some(({ type }) => type === 'webSeedTrouble'));
    expect(events.find((event) => event.type === 'webSeedTrouble')).toMatchObject({
      reason: 'the server does not serve ranges',
      isOver: false,
    });
  });

  it('that sends other bytes is not asked again', async () => {
    const lies: Answer = (request, response, body) => ranges(request, response, Buffer.alloc(body.length));
    const { made, requests } = await served({ lengths: 100_000 }, lies);
    const seeder = await bench.seeder({ ...made, metainfo: { ...made.metainfo, webSeeds: [] } });
    const { torrent, folder, events } = await bench.torrent(made);
    await until(() => requests.length > 0 && torrent.figures().neighbours.length === 0);
    expect(events.findLast(({ type }) => type === 'webSeedTrouble')).toMatchObject({
      reason: 'it sends other bytes than the torrent’s',
      isOver: true,
    });
    const asked = requests.length;
    const late = await bench.leecher(made, seeder.node, { folder: await bench.folder() });
    await late.torrent.whole;
    expect(requests.length).toBeLessThanOrEqual(asked + 5);
    expect(await made.isIn(folder)).toBe(false);
    expect(await made.isIn(late.folder)).toBe(true);
  });

  it('at a private address is asked nothing that has a query', async () => {
    const { made, requests } = await served({ lengths: 100_000 }, ranges, '/files/film.bin?reboot=now');
    const { events } = await bench.torrent(made);
    await until(() => events.some(({ type }) => type === 'webSeedTrouble'));
    expect(requests).toEqual([]);
  });
});

describe('where a file is at a web seed', () => {
  const folder = makeContent({ name: 'a b', lengths: { 'c/ü?.bin': 1 } }).metainfo;
  const single = makeContent({ name: 'f #1.bin', lengths: 1 }).metainfo;

  it.each([
    [single, 'http://h/x.bin', 'http://h/x.bin'],
    [single, 'http://h/dir/', 'http://h/dir/f%20%231.bin'],
    [folder, 'http://h/dir/', 'http://h/dir/a%20b/c/%C3%BC%3F.bin'],
    [folder, 'http://h/dir', 'http://h/dir/a%20b/c/%C3%BC%3F.bin'],
  ])('follows BEP 19', (metainfo, base, url) => {
    expect(webSeedUrl(base, metainfo, 0).href).toBe(url);
  });
});
