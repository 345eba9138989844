import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HalfOpen } from '../src/half-open.js';
import { answerBody, answerJson, pageRoute, type Route, serveRoutes } from '../src/http-routes.js';
import { createBoundedHttpServer, Listener, type ListenOptions, PortError } from '../src/listener.js';
import { until } from './stream.js';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function listen(options: Partial<ListenOptions>): Promise<number> {
  const listener = await Listener.open({ host: '127.0.0.1', port: 0, ...options });
  open.push(listener);
  return listener.port;
}

const routes: readonly Route[] = [
  { path: '/status', access: 'anyone', answer: (_request, response) => answerJson(response, { ok: true }) },
  { path: '/stats', access: 'local', answer: (_request, response) => answerBody(response, 'text/plain', 'secret') },
  {
    path: '/below/*',
    access: 'local',
    answer: (_request, response, url) => answerBody(response, 'text/plain', url.pathname),
  },
  pageRoute('/', '<!doctype html><script>alert(1)</script>', 'local'),
];

async function serve(token?: string): Promise<number> {
  const http = createBoundedHttpServer();
  serveRoutes(http, { routes, token });
  return listen({ http });
}

function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; text: string; response: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, response }));
    })
      .on('error', reject)
      .end();
  });
}

function talk(
  port: number,
  bytes: string | Uint8Array,
): Promise<{ socket: Socket; text: () => string; closed: () => boolean }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let closed = false;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      resolve({ socket, text: () => text, closed: () => closed });
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('close', () => (closed = true));
    socket.on('error', reject);
  });
}

describe('one port', () => {
  it('tells BitTorrent from HTTP by the first byte', async () => {
    const firsts: string[] = [];
    const http = createBoundedHttpServer();
    serveRoutes(http, { routes });
    const port = await listen({
      http,
      onPeer: (socket, first) => {
        firsts.push(Buffer.from(first).toString('latin1'));
        socket.on('data', (chunk: Buffer) => socket.end(chunk));
      },
    });
    expect((await ask(port, '/status')).text).toBe('{"ok":true}');
    const peer = await talk(port, '\x13Bit');
    await until(() => firsts.length === 1);
    peer.socket.write('Torrent');
    await until(() => peer.text() === 'Torrent');
    expect(firsts).toEqual(['\x13Bit']);
  });

  it('answers a request that comes byte by byte', async () => {
    const port = await serve();
    const client = await talk(port, 'G');
    for (const part of ['ET /sta', 'tus HTTP/1.1\r\nhost: x\r\n', 'connection: close\r\n\r\n']) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.socket.write(part);
    }
    await until(client.closed);
    expect(client.text()).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"ok":true\}$/);
  });

  it('closes what is neither', async () => {
    const port = await listen({ onPeer: () => undefined });
    const client = await talk(port, 'GET / HTTP/1.1\r\n\r\n');
    await until(client.closed);
    const web = await talk(await serve(), '\x13BitTorrent protocol');
    await until(web.closed);
  });

  it('ends requests whose headers never come to an end', async () => {
    const http = createBoundedHttpServer();
    serveRoutes(http, { routes });
    http.headersTimeout = 300;
    const port = await listen({ http });
    const slow = await talk(port, 'GET /status HTTP/1.1\r\nx: ');
    await until(slow.closed, 6000);
    expect(slow.text()).toMatch(/^HTTP\/1.1 408 /);
  });

  it('ends headers that are too long', async () => {
    const port = await serve();
    const long = await talk(port, `GET /status HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`);
    await until(long.closed);
    expect(long.text()).toMatch(/^HTTP\/1.1 431 /);
  });

  it('says in one line that the port is taken', async () => {
    const port = await serve();
    const second = Listener.open({ host: '127.0.0.1', port });
    await expect(second).rejects.toThrow(PortError);
    await expect(second).rejects.toThrow(`port ${port} of 127.0.0.1 is taken by another program: choose another port`);
    await expect(Listener.open({ host: '192.0.2.1', port: 0 })).rejects.toThrow(
      'this machine has no address 192.0.2.1: choose another one to listen on',
    );
  });

  it('lets newcomers in past a crowd of silent connections', async () => {
    const port = await serve();
    const crowd = await Promise.all(Array.from({ length: 80 }, () => talk(port, 'G')));
    await until(() => crowd.filter((one) => one.closed()).length >= 16);
    expect((await ask(port, '/status')).status).toBe(200);
    for (const one of crowd) one.socket.destroy();
  });
});

describe('half-open sockets', () => {
  const socket = (name: string, gone: string[]) => ({ destroy: () => gone.push(name) }) as unknown as Socket;

  it('lose the oldest of an address that has too many', () => {
    const gone: string[] = [];
    const halfOpen = new HalfOpen(10, 2);
    for (const name of ['a1', 'a2', 'a3']) halfOpen.add('a', socket(name, gone));
    halfOpen.add('b', socket('b1', gone));
    expect(gone).toEqual(['a1']);
    expect(halfOpen.size).toBe(3);
  });

  it('lose the oldest of the most crowded address when there are too many in all', () => {
    const gone: string[] = [];
    const halfOpen = new HalfOpen(3, 3);
    halfOpen.add('b', socket('b1', gone));
    for (const name of ['a1', 'a2']) halfOpen.add('a', socket(name, gone));
    halfOpen.add('c', socket('c1', gone));
    expect(gone).toEqual(['a1']);
  });

  it('count only those that are not through', () => {
    const gone: string[] = [];
    const halfOpen = new HalfOpen(2, 2);
    const first = socket('a1', gone);
    halfOpen.add('a', first);
    halfOpen.delete('a', first);
    halfOpen.delete('a', first);
    halfOpen.add('a', socket('a2', gone));
    halfOpen.add('a', socket('a3', gone));
    expect(gone).toEqual([]);
    expect(halfOpen.size).toBe(2);
  });
});

describe('routes', () => {
  it('answers everything below a path that ends in /*, under the same rules', async () => {
    const port = await serve();
    const local = { host: `127.0.0.1:${port}` };
    expect((await ask(port, '/below/1/a%20b.mp4?x', local)).text).toBe('/below/1/a%20b.mp4');
    expect((await ask(port, '/below/1/../../stats', local)).text).toBe('secret');
    expect((await ask(port, '/beyond/1', local)).status).toBe(404);
    expect((await ask(port, '/below/1', { host: 'example.org' })).status).toBe(403);
  });

  it('answer what is there, the head of it to HEAD, and nothing else', async () => {
    const port = await serve();
    expect((await ask(port, '/status?x=1')).text).toBe('{"ok":true}');
    const head = await ask(port, '/status', {}, 'HEAD');
    expect([head.status, head.text, head.response.headers['content-length']]).toEqual([200, '', '11']);
    expect((await ask(port, '/no')).status).toBe(404);
    expect((await ask(port, '/status', {}, 'POST')).status).toBe(405);
    expect((await ask(port, '/status', {}, 'POST')).response.headers.allow).toBe('GET, HEAD');
    expect((await ask(port, '//[')).status).toBe(400);
  });

  it('give no other site any right', async () => {
    const port = await serve();
    const { headers } = (await ask(port, '/status', { origin: 'https://evil.example' })).response;
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('let only the scripts of a page run', async () => {
    const port = await serve();
    const { headers } = (await ask(port, '/')).response;
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    expect(headers['content-security-policy']).toContain(
      "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
    );
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost.evil.example'])(
    'refuse local ones to the Host %j',
    async (host) => {
      const port = await serve();
      expect((await ask(port, '/stats', { host })).status).toBe(403);
    },
  );

  it('give local ones to this machine, by any of its names', async () => {
    const port = await serve();
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      expect((await ask(port, '/stats', { host: `${name}:${port}` })).text).toBe('secret');
    }
  });

  it('refuse local ones to a proxy of this machine', async () => {
    const port = await serve();
    expect((await ask(port, '/stats', { host: `127.0.0.1:${port}`, 'x-forwarded-for': '192.0.2.1' })).status).toBe(403);
  });

  it('give local ones to whoever has the token', async () => {
    const port = await serve('abc');
    const host = 'far.example';
    expect((await ask(port, '/stats', { host })).status).toBe(403);
    expect((await ask(port, '/stats?token=abd', { host })).status).toBe(403);
    expect((await ask(port, '/stats?token=abc', { host })).status).toBe(200);
    expect((await ask(port, '/stats', { host, authorization: 'Bearer abc' })).status).toBe(200);
  });

  it('need no time to close', async () => {
    const port = await serve();
    await new Promise((resolve) =>
      get({ host: '127.0.0.1', port, path: '/status', headers: { connection: 'keep-alive' } }, resolve),
    );
    const began = performance.now();
    await open.pop()?.close();
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
