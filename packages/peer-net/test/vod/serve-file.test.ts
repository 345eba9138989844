import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FileServer, type ServedFile } from '../../src/vod/serve-file.js';
import { until } from '../stream.js';

const LENGTH = 64 * 1024 * 1024;
const CHUNK = 64 * 1024;
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

/** A file whose every byte tells where it stands, and that notes how it is read. */
class Film {
  readonly reads: { readonly fromByte: number; takenBytes: number; ended: boolean }[] = [];
  /** Nothing from here on is there yet. */
  missingFrom = Infinity;
  failAt = Infinity;
  readonly file: ServedFile;

  constructor(name = 'film.mp4', lengthBytes = LENGTH) {
    const read = (fromByte: number, toByte: number, signal: AbortSignal) => this.#read(fromByte, toByte, signal);
    this.file = { name, lengthBytes, etag: '"00ff-0"', read };
  }

  async *#read(fromByte: number, toByte: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const read = { fromByte, takenBytes: 0, ended: false };
    this.reads.push(read);
    try {
      for (let at = fromByte; at < toByte; at += CHUNK) {
        if (at >= this.failAt) throw new Error('the disk is gone');
        while (at >= this.missingFrom && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
        if (signal.aborted) return;
        const bytes = contentOf(at, Math.min(toByte, at + CHUNK));
        read.takenBytes += bytes.length;
        yield bytes;
      }
    } finally {
      read.ended = true;
    }
  }
}

function contentOf(fromByte: number, toByte: number): Uint8Array {
  const bytes = new Uint8Array(toByte - fromByte);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = ((fromByte + i) * 2_654_435_761) >>> 24;
  return bytes;
}

async function serve(film: Film, heldUpMsMax?: number): Promise<number> {
  const files = new FileServer(heldUpMsMax);
  const server = createServer((asked, response) => void files.serve(asked, response, film.file));
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function ask(port: number, headers: Record<string, string> = {}, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, headers, method, agent: false }, resolve).on('error', reject).end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a file of 200 kB', () => {
  const lengthBytes = 200_000;

  it('is sent whole, with what a player needs to know', async () => {
    const film = new Film('Můj film.mp4', lengthBytes);
    const response = await ask(await serve(film));
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '200000',
      'accept-ranges': 'bytes',
      etag: '"00ff-0"',
      'content-disposition': `inline; filename="M_j film.mp4"; filename*=UTF-8''M%C5%AFj%20film.mp4`,
    });
    expect(response.headers['content-range']).toBeUndefined();
    expect(digest(await bodyOf(response))).toBe(digest(contentOf(0, lengthBytes)));
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100000-', 100_000, 200_000],
    ['bytes=-5', 199_995, 200_000],
    ['bytes=150000-999999', 150_000, 200_000],
  ])('%s sends that part alone, and reads no more', async (range, fromByte, toByte) => {
    const film = new Film('film.mp4', lengthBytes);
    const response = await ask(await serve(film), { range });
    expect(response.statusCode).toBe(206);
    expect(response.headers['content-range']).toBe(`bytes ${fromByte}-${toByte - 1}/200000`);
    expect(response.headers['content-length']).toBe(String(toByte - fromByte));
    expect(digest(await bodyOf(response))).toBe(digest(contentOf(fromByte, toByte)));
    expect(film.reads).toEqual([{ fromByte, takenBytes: toByte - fromByte, ended: true }]);
  });

  it('answers 416 with its length to a range beyond its end', async () => {
    const film = new Film('film.mp4', lengthBytes);
    const response = await ask(await serve(film), { range: 'bytes=200000-' });
    expect(response.statusCode).toBe(416);
    expect(response.headers['content-range']).toBe('bytes */200000');
    expect(film.reads).toEqual([]);
  });

  it('answers HEAD with the head of the whole, and reads nothing', async () => {
    const film = new Film('film.mp4', lengthBytes);
    const response = await ask(await serve(film), { range: 'bytes=5-6' }, 'HEAD');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-length']).toBe('200000');
    expect((await bodyOf(response)).length).toBe(0);
    expect(film.reads).toEqual([]);
  });

  it('sends a part under If-Range with its own tag, and the whole under another', async () => {
    const film = new Film('film.mp4', lengthBytes);
    const port = await serve(film);
    const { headers } = await ask(port, {}, 'HEAD');
    const same = await ask(port, { range: 'bytes=5-6', 'if-range': headers.etag ?? '' });
    expect([same.statusCode, (await bodyOf(same)).length]).toEqual([206, 2]);
    const other = await ask(port, { range: 'bytes=5-6', 'if-range': '"an older one"' });
    expect([other.statusCode, (await bodyOf(other)).length]).toEqual([200, lengthBytes]);
  });

  it('is not sent again to who has it, nor to who wants another', async () => {
    const film = new Film('film.mp4', lengthBytes);
    const port = await serve(film);
    expect((await ask(port, { 'if-none-match': film.file.etag })).statusCode).toBe(304);
    expect((await ask(port, { 'if-match': '"another"' })).statusCode).toBe(412);
    expect(film.reads).toEqual([]);
  });

  it.each(['index.html', 'picture.svg', 'code.js'])('%s may not run', async (name) => {
    const { headers } = await ask(await serve(new Film(name, lengthBytes)));
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toMatch(/^attachment;/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  });
});

it('an empty file is sent as nothing', async () => {
  const response = await ask(await serve(new Film('film.mp4', 0)));
  expect([response.statusCode, response.headers['content-length'], (await bodyOf(response)).length]).toEqual([
    200,
    '0',
    0,
  ]);
});

describe('a long film', () => {
  it('is read only as far as its client takes it, and let go when the client leaves', async () => {
    const film = new Film();
    const response = await ask(await serve(film));
    const [read] = film.reads;
    await standsStill(() => read?.takenBytes ?? 0);
    expect(read?.takenBytes).toBeLessThan(LENGTH / 2);
    expect(read?.ended).toBe(false);
    response.destroy();
    await until(() => read?.ended === true);
  });

  it('that has not come yet is let go at once when the client leaves', async () => {
    const film = new Film();
    film.missingFrom = CHUNK;
    const response = await ask(await serve(film));
    response.resume();
    await until(() => film.reads[0]?.takenBytes === CHUNK);
    response.destroy();
    await until(() => film.reads[0]?.ended === true);
  });

  it('is read at several places at once, each to its client', async () => {
    const film = new Film();
    const port = await serve(film);
    const places = [0, LENGTH - 100_000, LENGTH / 2, 12_345];
    const answers = await Promise.all(places.map((at) => ask(port, { range: `bytes=${at}-${at + 99_999}` })));
    const bodies = await Promise.all(answers.map(bodyOf));
    expect(bodies.map(digest)).toEqual(places.map((at) => digest(contentOf(at, at + 100_000))));
  });

  it('is let go where nobody takes it any more once it is read elsewhere, and gone on with when somebody does', async () => {
    const film = new Film();
    const port = await serve(film, 50);
    const abandoned = await ask(port, { range: `bytes=0-${LENGTH / 2 - 1}` });
    await standsStill(() => film.reads[0]?.takenBytes ?? 0);
    expect(film.reads[0]?.ended).toBe(false);
    await bodyOf(await ask(port, { range: `bytes=${LENGTH - 200_000}-` }));
    await until(() => film.reads[0]?.ended === true);
    expect(film.reads.length).toBe(2);
    expect(digest(await bodyOf(abandoned))).toBe(digest(contentOf(0, LENGTH / 2)));
    expect(film.reads[2]?.fromByte).toBe(film.reads[0]?.takenBytes);
  });

  it('that can not be read to its end ends the connection early', async () => {
    const film = new Film();
    film.failAt = 4 * CHUNK;
    const response = await ask(await serve(film));
    await expect(bodyOf(response)).rejects.toThrow(/aborted/);
  });
});

async function standsStill(figure: () => number): Promise<void> {
  let last = -1;
  while (figure() === 0 || figure() !== last) {
    last = figure();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
