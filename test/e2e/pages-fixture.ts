// Stands in for a viewer's local server and for a broadcaster, so that the pages can be tried with no swarm behind them.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const CLIP = fileURLToPath(new URL('../../apps/source/assets/clip.mpegts', import.meta.url));
const PIECE_MS = 150;

export interface Fixture {
  readonly url: string;
  /** Laid over the figures of the next answers. */
  figures: Record<string, unknown>;
  /** While false, `/stats.json` and `/status.json` answer 503. */
  answers: boolean;
  /** Send the clip's sound alone in the next streams. */
  soundOnly: boolean;
  /** How many times `/stream` was asked for. */
  readonly streams: number;
  /** Ends every stream that is being sent, as a local peer that restarts its reader does. */
  cutStreams(): void;
  /** Goes on in the same streams with the clip's beginning and its clock, as a source's next run does. */
  restartClock(): void;
  close(): Promise<void>;
}

export type PageKind = 'viewer' | 'source' | 'vod-viewer' | 'vod-source';

/** Serves one built page at `/`, with figures that move as a swarm's do. */
export async function servePage(page: URL, kind: PageKind, ffmpeg: string): Promise<Fixture> {
  const html = await readFile(page, 'utf8');
  const startedMs = Date.now();
  const sending = new Set<Sending>();
  let streams = 0;
  const isViewer = kind.endsWith('viewer');
  const server = createServer((request, response) => {
    const [path] = request.url?.split('?') ?? [];
    if (path === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
    } else if (path === '/stream') {
      streams += 1;
      const sent = sendStream(response, ffmpeg, fixture.soundOnly);
      sending.add(sent);
      response.on('close', () => sending.delete(sent));
    } else if (path === (isViewer ? '/stats.json' : '/status.json') && fixture.answers) {
      const atMs = Date.now() - startedMs;
      const figures = isViewer ? viewerFigures(atMs) : sourceFigures(atMs);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...figures, ...fixture.figures }));
    } else {
      response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cutStreams = (): void => sending.forEach((sent) => sent.cut());
  const fixture: Fixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    figures: {},
    answers: true,
    soundOnly: false,
    get streams() {
      return streams;
    },
    cutStreams,
    restartClock: () => sending.forEach((sent) => sent.restart()),
    close: () =>
      new Promise((resolve) => {
        cutStreams();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fixture;
}

interface Sending {
  cut(): void;
  restart(): void;
}

function sendStream(response: ServerResponse, ffmpeg: string, soundOnly: boolean): Sending {
  const map = soundOnly ? ['-map', '0:a'] : [];
  const args = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', CLIP, ...map, '-c', 'copy', '-f', 'mpegts', 'pipe:1'];
  const start = (): ChildProcess => {
    const child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.pipe(response, { end: false });
    return child;
  };
  let child = start();
  const stop = (): void => {
    child.stdout?.unpipe(response);
    child.kill('SIGKILL');
  };
  response.setHeader('content-type', 'video/mp2t');
  response.on('close', stop);
  return {
    cut() {
      stop();
      response.end();
    },
    restart() {
      stop();
      child = start();
    },
  };
}

function viewerFigures(atMs: number): Record<string, unknown> {
  const edgeSeq = 4000 + Math.floor(atMs / PIECE_MS);
  const lagPieces = 14;
  const wave = Math.sin(atMs / 7000);
  const neighbours = [
    neighbour('203.0.113.5:8764', { isSource: true, down: 310_000 + 120_000 * wave, up: 0, ageMs: 940_000 }),
    neighbour('198.51.100.23:51413', { down: 1_240_000 - 200_000 * wave, up: 380_000, ageMs: 700_000 }),
    neighbour('[2001:db8:4:1::9f]:6881', { down: 420_000, up: 0, ageMs: 520_000 }),
    neighbour('192.0.2.144:49200', { down: 0, up: 1_650_000 + 300_000 * wave, ageMs: 610_000 }),
    neighbour('198.51.100.77:6881', { down: 60_000, up: 720_000, ageMs: 130_000 }),
    neighbour('203.0.113.200:40011', { down: 0, up: 0, ageMs: 8000 }),
  ];
  return {
    title: 'Harbour camera, Saturday evening',
    infohash: '5a'.repeat(20),
    state: 'playing',
    stateText: 'Playing, 2.1 seconds behind the broadcaster.',
    peers: neighbours.length,
    upBytes: 91_000_000 + atMs * 340,
    upBitsPerSecond: 2_750_000 + 300_000 * wave,
    downBitsPerSecond: 2_030_000,
    bytesFromSource: 12_000_000,
    bytesFromPeers: 71_000_000 + atMs * 250,
    edgeRun: 1_793_000_000,
    edgeSeq,
    edgeAgeMs: 120,
    playRun: 1_793_000_000,
    playSeq: edgeSeq - lagPieces,
    latencyMs: 2100 + 160 * Math.sin(atMs / 3100),
    bufferMs: 1700 + 220 * Math.sin(atMs / 2300),
    stalls: 0,
    stallMs: 0,
    piecesDropped: 0,
    piecesRejected: 0,
    bitrateBitsPerSecond: 2_000_000,
    pieces: pieces(edgeSeq),
    neighbours,
  };
}

function pieces(edgeSeq: number): { run: number; fromSeq: number; states: string } {
  const fromSeq = edgeSeq - 239;
  const states = Array.from({ length: 240 }, (_, i) => {
    const behind = 239 - i;
    if (behind > 3) return (fromSeq + i) % 97 === 0 ? '.' : '#';
    return '.+#+'[behind] ?? '#';
  });
  return { run: 1_793_000_000, fromSeq, states: states.join('') };
}

interface Shape {
  readonly isSource?: boolean;
  readonly down: number;
  readonly up: number;
  readonly ageMs: number;
}

function neighbour(address: string, { isSource = false, down, up, ageMs }: Shape): Record<string, unknown> {
  return {
    id: Buffer.from(address).toString('hex').slice(0, 40),
    address,
    client: 'tstream 0.1.0',
    isSource,
    incoming: false,
    downBytes: (down / 8000) * ageMs,
    upBytes: (up / 8000) * ageMs,
    downBitsPerSecond: down,
    upBitsPerSecond: up,
    rttMs: 24,
    strikes: 0,
    ageMs,
    behindPieces: isSource ? 0 : 2,
  };
}

function sourceFigures(atMs: number): Record<string, unknown> {
  return {
    title: 'Harbour camera, Saturday evening',
    name: 'harbour',
    infohash: '5a'.repeat(20),
    run: 1_793_000_000,
    seq: 4000 + Math.floor(atMs / PIECE_MS),
    uptimeMs: 7_520_000 + atMs,
    peers: 23,
    viewersEver: 61,
    inBitsPerSecond: 2_010_000,
    upBitsPerSecond: 3_100_000,
    uploadMultiple: 1.54,
    maxUploadBitsPerSecond: 4_000_000,
    inputState: 'live',
    heldByMedian: 0.96,
    tstreamUrl: 'http://203.0.113.5:8764/harbour.tstream',
    reachable: 'yes',
  };
}
