import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLiveMetainfo } from '@tstream/tstream-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundedGet } from '../src/bounded-get.js';
import { loadMetainfo, MetainfoError } from '../src/load-metainfo.js';

const file = createLiveMetainfo({
  name: 'test',
  pieceLength: 16_384,
  ringPieces: 64,
  windowPieces: 16,
  streamKey: new Uint8Array(32).fill(9),
});
const closers: (() => unknown)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metainfo-test-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function inFile(bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, 'a.tstream');
  await writeFile(path, bytes);
  return path;
}

describe('a SOURCE', () => {
  it('is a file or a URL', async () => {
    const fromFile = await loadMetainfo(await inFile(file));
    expect(fromFile.metainfo).toMatchObject({ kind: 'live', name: 'test' });
    const base = await serve((_request, response) => response.end(file));
    const fromUrl = await loadMetainfo(`${base}/test.tstream`);
    expect(Buffer.compare(fromUrl.bytes, file)).toBe(0);
    expect(fromUrl.metainfo).toEqual(fromFile.metainfo);
  });

  it.each([
    ['a file that is not there', async () => join(folder, 'no'), /^cannot read .*no: there is no such file$/],
    ['a folder', async () => folder, /^cannot read .*: it is a folder$/],
    [
      'an endless device',
      async () => '/dev/zero',
      /^\/dev\/zero is larger than any .tstream or .torrent file: check its name$/,
    ],
    ['a file of something else', async () => inFile('hello'), /^.*a.tstream: This is not a .tstream or .torrent file/],
    ['nobody', async () => 'http://127.0.0.1:9/x', /^cannot get http:\/\/127.0.0.1:9\/x: nobody answers there$/],
    ['no URL', async () => 'http://', /^http:\/\/ is not a URL: check its spelling$/],
    [
      'a missing page',
      async () => serve((_request, response) => response.writeHead(404).end()),
      /^cannot get .*: the server answered 404$/,
    ],
    [
      'an endless answer',
      async () => serve((_request, response) => void endless(response)),
      /^cannot get .*: more than 10000000 bytes$/,
    ],
    [
      'a circle',
      async () => serve((_request, response) => response.writeHead(302, { location: '/again' }).end()),
      /: more than 3 redirects$/,
    ],
    [
      'a redirect to a file',
      async () => serve((_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
      /: the server answered 302$/,
    ],
  ])('that is %s is refused in one line', async (_name, source, expected) => {
    const given = await source();
    await expect(loadMetainfo(given)).rejects.toThrow(MetainfoError);
    await expect(loadMetainfo(given)).rejects.toThrow(expected);
  });

  it('is found through redirects', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/3') response.end(file);
      else response.writeHead(301, { location: `./${Number(request.url?.slice(1)) + 1}` }).end();
    });
    expect((await loadMetainfo(`${base}/0`)).metainfo.name).toBe('test');
  });

  it('that never answers is given up', async () => {
    const base = await serve(() => undefined);
    const waiting = boundedGet(new URL(base), { bytesMax: 1, timeoutMs: 100 });
    await expect(waiting).rejects.toThrow(`${base}/: no answer within 0.1 s`);
    const dripping = await serve((_request, response) => void response.write('x'));
    await expect(boundedGet(new URL(dripping), { bytesMax: 9, timeoutMs: 100 })).rejects.toThrow(
      'no answer within 0.1 s',
    );
  });
});

function endless(response: {
  write(chunk: Uint8Array): boolean;
  destroyed: boolean;
  once(event: 'drain', go: () => void): unknown;
}): void {
  while (!response.destroyed && response.write(new Uint8Array(65_536)));
  if (!response.destroyed) response.once('drain', () => endless(response));
}
