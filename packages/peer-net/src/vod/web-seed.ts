/** One web seed (BEP 19): runs of pieces by HTTP ranges, over connections that are kept. */
import { type Agent, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { VodMetainfo } from '@tstream/tstream-format';
import { reachOf } from '../address.js';
import { GetError, type GuardedResponse, guardedGet } from '../bounded-get.js';
import { monotonicMs } from '../clock.js';
import { RateMeter } from '../rates.js';
import type { ContentLayout, Span } from './content-layout.js';

export interface WebSeedHooks {
  /** A block came; it is the receiver's own. */
  readonly onBlock: (index: number, begin: number, block: Uint8Array) => void;
  /** A run can't be had, or not to its end; one line. */
  readonly onFailed: (index: number, reason: string) => void;
}

export class WebSeed {
  readonly id: number;
  readonly url: string;
  readonly down = new RateMeter();
  readonly #metainfo: VodMetainfo;
  readonly #layout: ContentLayout;
  readonly #hooks: WebSeedHooks;
  readonly #agents: { readonly 'http:': Agent; readonly 'https:': Agent };
  #run: AbortController | undefined;
  #response: IncomingMessage | undefined;
  #isPaused = false;

  constructor(id: number, url: string, metainfo: VodMetainfo, layout: ContentLayout, hooks: WebSeedHooks) {
    this.id = id;
    this.url = url;
    this.#metainfo = metainfo;
    this.#layout = layout;
    this.#hooks = hooks;
    const kept = { keepAlive: true, maxSockets: 1, timeout: SILENCE_MS_MAX };
    this.#agents = { 'http:': new HttpAgent(kept), 'https:': new HttpsAgent(kept) };
  }

  /** Gets a run of pieces, in place of what is under way. */
  fetch(index: number, pieces: number): void {
    this.cancel();
    const run = new AbortController();
    this.#run = run;
    void this.#get(index, pieces, run.signal).then(
      () => this.#ended(run),
      (error) => {
        if (!run.signal.aborted) this.#hooks.onFailed(index, error instanceof GetError ? error.reason : String(error));
        this.#ended(run);
      },
    );
  }

  cancel(): void {
    this.#run?.abort();
    this.#run = undefined;
  }

  pause(): void {
    this.#isPaused = true;
    this.#response?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#response?.resume();
  }

  close(): void {
    this.cancel();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #ended(run: AbortController): void {
    run.abort();
    if (this.#run === run) this.#run = undefined;
  }

  async #get(index: number, pieces: number, signal: AbortSignal): Promise<void> {
    const { pieceLength, lengthBytes } = this.#layout;
    const offset = index * pieceLength;
    const bytes = Math.min(pieces * pieceLength, lengthBytes - offset);
    const cutter = new BlockCutter(this.#layout, offset, (...block) => {
      if (!signal.aborted) this.#hooks.onBlock(...block);
    });
    for (const span of this.#layout.spans(offset, bytes)) {
      if (this.#layout.file(span.file).isPadding) cutter.add(new Uint8Array(span.bytes));
      else await this.#getSpan(span, cutter, signal);
    }
  }

  async #getSpan({ file, at, bytes }: Span, cutter: BlockCutter, signal: AbortSignal): Promise<void> {
    const url = webSeedUrl(this.url, this.#metainfo, file);
    const answer = await guardedGet(url, {
      signal,
      statuses: [206, 200],
      // Whoever made the torrent must not have us press the buttons of a box in our own network.
      mayAsk: ({ search }, address) => search === '' || reachOf(address) === 'public',
      headers: { range: `bytes=${at}-${at + bytes - 1}` },
      agentOf: ({ protocol }) => this.#agents[protocol === 'https:' ? 'https:' : 'http:'],
    });
    const skip = skippedBytes(answer, url, at, this.#layout.file(file).lengthBytes);
    await this.#readBody(answer.response, url, skip, bytes, cutter);
  }

  #readBody(
    response: IncomingMessage,
    url: URL,
    skippedBytes: number,
    bytes: number,
    cutter: BlockCutter,
  ): Promise<void> {
    this.#response = response;
    if (this.#isPaused) response.pause();
    let skip = skippedBytes;
    let left = bytes;
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        response.destroy();
        reject(new GetError(url, reason));
      };
      response.setTimeout(SILENCE_MS_MAX, () => {
        if (!this.#isPaused) fail('the server sends nothing any more');
      });
      response.on('error', () => fail('the connection broke'));
      response.on('close', () => fail('the answer ended too early'));
      response.on('end', () => (left > 0 ? fail('the answer ended too early') : resolve()));
      response.on('data', (chunk: Buffer) => {
        this.down.add(chunk.length, monotonicMs());
        const own = chunk.subarray(Math.min(skip, chunk.length), skip + left);
        skip = Math.max(0, skip - chunk.length);
        left -= own.length;
        cutter.add(own);
        if (left > 0) return;
        // The answer to a range ends here; one without ranges goes on, and isn't wanted any further.
        resolve();
        if (skippedBytes > 0 || response.statusCode === 200) response.destroy();
      });
    });
  }
}

/** Makes blocks of what comes, from this offset of the content on. */
class BlockCutter {
  readonly #layout: ContentLayout;
  readonly #onBlock: (index: number, begin: number, block: Uint8Array) => void;
  #offset: number;
  #block: Uint8Array | undefined;
  #filled = 0;

  constructor(layout: ContentLayout, offset: number, onBlock: WebSeedHooks['onBlock']) {
    this.#layout = layout;
    this.#offset = offset;
    this.#onBlock = onBlock;
  }

  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const index = Math.floor(this.#offset / this.#layout.pieceLength);
      const begin = this.#offset - index * this.#layout.pieceLength;
      const length = Math.min(BLOCK_BYTES, this.#layout.pieceBytes(index) - begin);
      const block = (this.#block ??= new Uint8Array(length));
      const part = chunk.subarray(at, at + length - this.#filled);
      block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < length) return;
      this.#block = undefined;
      this.#filled = 0;
      this.#offset += length;
      this.#onBlock(index, begin, block);
    }
  }
}

/** Where a file is: BEP 19 has the name follow what ends in a slash, and for folders the path, too. */
export function webSeedUrl(base: string, { name, isFolder, files }: VodMetainfo, file: number): URL {
  const url = new URL(base);
  const path = isFolder ? [name, ...(files[file]?.path ?? [])] : [name];
  if (!isFolder && !url.pathname.endsWith('/')) return url;
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}`;
  return url;
}

/** @returns How much of the body comes before what was asked for. @throws {GetError} If it can't be used. */
function skippedBytes({ response }: GuardedResponse, url: URL, at: number, fileBytes: number): number {
  const refuse = (reason: string) => {
    response.destroy();
    return new GetError(url, reason);
  };
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') throw refuse('the answer is encoded');
  if (response.statusCode === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '');
    if (Number(range?.[1]) !== at) throw refuse('the server sent another range');
    if (range?.[2] !== '*' && Number(range?.[2]) !== fileBytes) throw refuse('the file has another length there');
    return 0;
  }
  const length = response.headers['content-length'];
  if (length !== undefined && Number(length) !== fileBytes) throw refuse('the file has another length there');
  if (at > SKIPPED_BYTES_MAX) throw refuse('the server does not serve ranges');
  return at;
}

const SILENCE_MS_MAX = 20_000;
/** What is thrown away of an answer that begins at the file's first byte, for each run of pieces anew. A guess: small files come all the same. */
const SKIPPED_BYTES_MAX = 4 * 1024 * 1024;
