/** The viewer's own web server and the source's port: several readers, and nothing for strangers. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startPeer, startSource, temporaryFolder, until } from './apps.js';
import { isPat, stretchesOf, writeLoopedClip } from './streams.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks as any client could: with whatever Host. */
function ask(base: URL, path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: base.hostname, port: base.port, path, method, headers, agent: false }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      // An endless one is told by its head.
      if (answered['content-type'] === 'video/mp2t') {
        response.destroy();
        resolve({ status, headers: answered, body: '' });
        return;
      }
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status, headers: answered, body }));
    });
    asked.on('error', reject).end();
  });
}

/** Reads an endless stream for a while. */
async function read(url: string, ms: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  expect(response.headers.get('content-type')).toBe('video/mp2t');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
  }
  await reader.cancel();
  return Buffer.concat(parts);
}

interface Broadcast {
  readonly input: Buffer;
  readonly source: App;
  readonly viewer: App;
  readonly site: URL;
  readonly port: URL;
}

async function broadcast(): Promise<Broadcast> {
  const folder = temporaryFolder();
  const input = writeLoopedClip(join(folder, 'input.ts'), 60);
  const host = ['--host', '127.0.0.1', '--port', '0'];
  const source = startSource([join(folder, 'input.ts'), '--out', folder, ...host, '--token', 'sesame']);
  const { tstream, page } = await source.event('ready');
  const viewer = startPeer(['watch', String(tstream), '--host', '127.0.0.1']);
  const { http } = await viewer.event('ready');
  await viewer.event('playing');
  return { input, source, viewer, site: new URL(String(http)), port: new URL(String(page)) };
}

/** Whether anybody answers there. */
function answers(host: string, port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    onTestFinished(() => void socket.destroy());
  });
}

test('each reader of /stream gets whole packets of what is played, from an entry point on; one that leaves is forgotten', async () => {
  const { input, viewer, site } = await broadcast();
  const first = read(`${site.href}stream`, 5000);
  await sleep(1500);
  const second = read(`${site.href}stream`, 3000);
  await until('two readers', () => viewer.stats().readers === 2);
  for (const recording of await Promise.all([first, second])) {
    expect(recording.length).toBeGreaterThan(100_000);
    // HTTP cuts anywhere: what was read ends in a packet.
    const whole = recording.subarray(0, recording.length - (recording.length % 188));
    const [stretch, ...more] = stretchesOf(whole, input);
    expect(more).toEqual([]);
    expect(stretch?.fromByte).toBeGreaterThanOrEqual(0);
    expect(isPat(whole, 0)).toBe(true);
  }
  await until('no reader left', () => viewer.stats().readers === 0);
});

test('the viewer answers this machine only, by its own name only, and lets no other page read', async () => {
  const { site } = await broadcast();
  for (const path of ['/', '/stream', '/stats.json', '/metrics']) {
    for (const headers of [{}, { host: `localhost:${site.port}` }]) {
      const answer = await ask(site, path, { headers });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    // A name that a stranger points to 127.0.0.1, or one without the port.
    const strange = [
      'tv.example.org',
      `tv.example.org:${site.port}`,
      '127.0.0.1',
      `127.0.0.1.example.org:${site.port}`,
    ];
    for (const host of strange) {
      expect([path, host, (await ask(site, path, { headers: { host } })).status]).toEqual([path, host, 403]);
    }
    expect((await ask(site, path, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403);
    expect((await ask(site, path, { method: 'POST' })).status).toBe(405);
  }
  for (const path of ['/nope', '/stats.json/', '/../package.json', '/%2e%2e/package.json', '/stream.ts']) {
    expect([path, (await ask(site, path)).status]).toEqual([path, 404]);
  }
  expect((await ask(site, '/stats.json', { method: 'HEAD' })).body).toBe('');
  expect(JSON.parse((await ask(site, '/stats.json')).body)).toMatchObject({ state: 'playing', peers: 1 });
  expect(await answers('127.0.0.1', site.port)).toBe(true);
  expect(await answers('127.0.0.2', site.port)).toBe(false);
});

test('the source shows everybody its page and .tstream, and addresses only to this machine or who has the token', async () => {
  const { port } = await broadcast();
  const foreign = { host: 'tv.example.org' };
  for (const path of ['/', '/input.tstream', '/status.json']) {
    expect([path, (await ask(port, path, { headers: foreign })).status]).toEqual([path, 200]);
  }
  const { neighbours } = JSON.parse((await ask(port, '/stats.json')).body);
  expect(neighbours).toHaveLength(1);
  expect(JSON.parse((await ask(port, '/status.json')).body)).toEqual(
    expect.not.objectContaining({ neighbours: expect.anything() }),
  );
  for (const path of ['/stats.json', '/metrics']) {
    const status = async (suffix: string, headers: Record<string, string>) =>
      (await ask(port, `${path}${suffix}`, { headers })).status;
    expect([path, await status('', foreign)]).toEqual([path, 403]);
    expect(await status('?token=open', foreign)).toBe(403);
    expect(await status('?token=sesame', foreign)).toBe(200);
    expect(await status('', { ...foreign, authorization: 'Bearer sesame' })).toBe(200);
    expect(await status('', {})).toBe(200);
  }
  // Video reaches a picture through a peer only.
  for (const path of ['/stream', '/nope', '/input.key']) {
    expect([path, (await ask(port, path)).status]).toEqual([path, 404]);
  }
});
