/**
 * Routes of one HTTP server: a table, checked before anything is answered. Nothing here trusts a browser that may show
 * somebody else's page: no cross-origin rights are given, and local routes want a local Host (DNS rebinding).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { reachOf } from './address.js';

export interface Route {
  /** Exact path; `/NAME/*` stands for everything below `/NAME`. */
  readonly path: string;
  /** `local`: only for programs of this machine, or with the token. */
  readonly access: 'anyone' | 'local';
  readonly answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void;
}

export interface RouteTable {
  readonly routes: readonly Route[];
  /** Opens local routes to whoever sends it: `Authorization: Bearer TOKEN`, or `?token=TOKEN`. */
  readonly token?: string | undefined;
}

/** Makes a server answer a table's routes, and nothing else. */
export function serveRoutes(server: Server, table: RouteTable): void {
  const routes = new Map(table.routes.map((route) => [route.path, route]));
  let active = 0;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (active >= REQUESTS_MAX) return answerText(response, 503, 'busy: try again later');
    active += 1;
    response.once('close', () => {
      active -= 1;
    });
    route(routes, table.token, request, response);
  });
}

/** Answers with a whole body. HEAD gets the head of it. */
export function answerBody(response: ServerResponse, type: string, body: string | Uint8Array): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.setHeader('content-type', type);
  response.setHeader('content-length', bytes.length);
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

export function answerJson(response: ServerResponse, value: unknown): void {
  answerBody(response, 'application/json; charset=utf-8', JSON.stringify(value));
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (status >= 400) response.setHeader('connection', 'close');
  answerBody(response, 'text/plain; charset=utf-8', `${text}\n`);
}

/**
 * A page whose scripts stand in it: they alone may run, by their digests (Content-Security-Policy level 2).
 * @param html - A whole document as it was built, not from outside.
 */
export function pageRoute(path: string, html: string, access: Route['access']): Route {
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) =>
    digestSource(text ?? ''),
  );
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${scripts.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    path,
    access,
    answer: (_request, response) => {
      response.setHeader('content-security-policy', policy);
      answerBody(response, 'text/html; charset=utf-8', html);
    },
  };
}

function route(
  routes: ReadonlyMap<string, Route>,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const path = request.url ?? '/';
  if (!path.startsWith('/') || !URL.canParse(path, 'http://host')) return answerText(response, 400, 'bad request');
  // The Host is checked by `isLocal`; it is no part of what routes see.
  const url = new URL(`http://host${path}`);
  const found = routes.get(url.pathname) ?? routes.get(`${/^\/[^/]*/.exec(url.pathname)?.[0]}/*`);
  if (!found) return answerText(response, 404, 'not found');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return answerText(response, 405, 'only GET and HEAD');
  }
  if (found.access === 'local' && !isLocal(request) && !hasToken(request, url, token)) {
    return answerText(response, 403, 'only for this machine: use http://127.0.0.1, or the token');
  }
  found.answer(request, response, url);
}

/** It comes from this machine, not through a proxy or a name that somebody pointed here. */
function isLocal(request: IncomingMessage): boolean {
  const { remoteAddress, localPort } = request.socket;
  if (reachOf(remoteAddress ?? '') !== 'loopback' || request.headers['x-forwarded-for'] !== undefined) return false;
  return LOCAL_NAMES.some((name) => request.headers.host?.toLowerCase() === `${name}:${localPort}`);
}

function hasToken(request: IncomingMessage, url: URL, token: string | undefined): boolean {
  if (token === undefined) return false;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const given = bearer ?? url.searchParams.get('token') ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function digestSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const REQUESTS_MAX = 512;
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
