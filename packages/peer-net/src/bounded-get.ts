/** One HTTP GET that a hostile server cannot make large, long, or aimed at somebody else's network. */
import { lookup } from 'node:dns/promises';
import { type Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { reachOf } from './address.js';

export interface GetLimits {
  readonly bytesMax: number;
  /** For everything, redirects included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface Fetched {
  readonly body: Uint8Array;
  /** Who answered at last. */
  readonly address: string;
}

/**
 * @param url - http or https.
 * @throws {GetError} One line that says what went wrong.
 */
export async function boundedGet(url: URL, limits: GetLimits): Promise<Fetched> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal ? AbortSignal.any([timeout, limits.signal]) : timeout;
  try {
    const { response, address } = await guardedGet(url, { signal, statuses: [200] });
    return { body: await readBody(response, limits.bytesMax), address };
  } catch (error) {
    if (error instanceof GetError && !timeout.aborted) throw error;
    const why = timeout.aborted ? `no answer within ${limits.timeoutMs / 1000} s` : reasonOf(error);
    throw new GetError(url, why, { cause: error });
  }
}

export interface GuardedRequest {
  readonly signal: AbortSignal;
  /** Answers with one of these are what is wanted. */
  readonly statuses: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to ask for this at that address; undefined: any. */
  readonly mayAsk?: (url: URL, address: string) => boolean;
  /** Keeps connections for the next request; undefined: none is kept. */
  readonly agentOf?: (url: URL) => Agent;
}

/** An answer whose body is still to be read, or destroyed. */
export interface GuardedResponse {
  readonly response: IncomingMessage;
  /** Who answered at last. */
  readonly address: string;
}

/**
 * Follows redirects, none of them from a public address to a private one.
 * @throws {GetError} One line that says what went wrong.
 */
export async function guardedGet(url: URL, request: GuardedRequest): Promise<GuardedResponse> {
  let at = url;
  let from: Address | undefined;
  try {
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      const addresses = await resolve(at, from, request);
      const response = await open(at, addresses, request);
      from = { address: response.socket.remoteAddress ?? addresses[0].address, family: 4 };
      const target = redirectTarget(response, at, request.statuses);
      if (!target) return { response, address: from.address };
      response.destroy();
      at = target;
    }
  } catch (error) {
    if (error instanceof GetError) throw error;
    throw new GetError(at, reasonOf(error), { cause: error });
  }
  throw new GetError(url, `more than ${REDIRECTS_MAX} redirects`);
}

interface Address {
  readonly address: string;
  readonly family: number;
}

async function resolve(
  url: URL,
  from: Address | undefined,
  { signal, mayAsk }: GuardedRequest,
): Promise<[Address, ...Address[]]> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const all = await abortable(lookup(name, { all: true }), signal);
  const found = all.filter(({ address }) => !mayAsk || mayAsk(url, address));
  if (all.length > 0 && found.length === 0) throw new GetError(url, 'this is not asked at a private address');
  // A public server must not make us ask our own network.
  const guarded = from !== undefined && reachOf(from.address) === 'public';
  const [first, ...others] = guarded ? found.filter((one) => reachOf(one.address) === 'public') : found;
  if (!first) throw new GetError(url, 'a redirect from a public address to a private one is not followed');
  return [first, ...others];
}

function open(
  url: URL,
  addresses: readonly [Address, ...Address[]],
  { signal, headers, agentOf }: GuardedRequest,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options: RequestOptions = {
    agent: agentOf?.(url) ?? false,
    signal,
    headers: { 'user-agent': 'tstream', accept: '*/*', 'accept-encoding': 'identity', ...headers },
    // The addresses that were checked, so that a second look-up cannot give others.
    lookup: (_name, options, done) => {
      if (options.all) done(null, [...addresses]);
      else done(null, addresses[0].address, addresses[0].family);
    },
  };
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end();
  });
}

function redirectTarget(response: IncomingMessage, at: URL, statuses: readonly number[]): URL | undefined {
  const { statusCode = 0, headers } = response;
  if (statuses.includes(statusCode)) return undefined;
  if (
    statusCode >= 300 &&
    statusCode < 400 &&
    headers.location !== undefined &&
    URL.canParse(headers.location, at.href)
  ) {
    const target = new URL(headers.location, at);
    if (target.protocol === 'http:' || target.protocol === 'https:') return target;
  }
  response.destroy();
  throw new GetError(at, `the server answered ${statusCode}`);
}

async function readBody(response: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'nobody answers there';
  if (code === 'EPROTO') return 'it does not speak TLS there: try http:// in place of https://';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host';
  return error instanceof Error ? error.message.split('\n', 1).join('') : String(error);
}

const REDIRECTS_MAX = 3;

/** `message` is one line with the URL, `reason` the same without it. */
export class GetError extends Error {
  override readonly name = 'GetError';
  readonly reason: string;

  constructor(url: URL, reason: string, options?: ErrorOptions) {
    super(`${url.href}: ${reason}`, options);
    this.reason = reason;
  }
}
