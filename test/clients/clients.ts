/** Other people's clients in a test: started, asked how far they are, ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type App, startProgram, until } from '../e2e/apps.js';
import { aria2Command, aria2Figures, libtorrentCommand } from './commands.mjs';
import { freePort, startTracker } from './tracker.mjs';

/** A client that takes part in one swarm. */
export interface Client {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it has all. */
  readonly whole: () => Promise<void>;
  readonly heldBytes: () => Promise<number>;
  /** Of content, to others. */
  readonly sentBytes: () => Promise<number>;
  readonly end: () => Promise<void>;
}

/** Makes a torrent of a file or folder with libtorrent; its infohash in hex. */
export async function makeTorrent(path: string, pieceLength: number, torrent: string, ...args: string[]) {
  const [program, words] = libtorrentCommand('make', path, String(pieceLength), torrent, ...args);
  const made = await startProgram(program, words).event('made');
  return made.infohash as string;
}

/** Starts libtorrent with arguments as libtorrent-client.py says. */
export async function startLibtorrent(source: string, folder: string, ...args: string[]) {
  const [program, words] = libtorrentCommand('run', source, folder, ...args);
  const app = startProgram(program, words, { stdin: true });
  const { port } = await app.event('ready');
  const heldBytes = async () => app.stats()['heldBytes'] ?? 0;
  return {
    name: 'libtorrent',
    app,
    child: app.child,
    port: port as number,
    whole: async () => void (await app.event('whole', WHOLE_MS_MAX)),
    heldBytes,
    sentBytes: async () => app.stats()['upBytes'] ?? 0,
    end: async () => void (await app.stop()),
  } satisfies Client & { app: App; port: number };
}

/** Starts aria2, which hears of others from the tracker. */
export async function startAria2(torrent: string, folder: string, tracker: string, options: Aria2Options = {}) {
  const [port, rpcPort] = [await freePort(), await freePort()];
  const [program, args] = aria2Command({ torrent, folder, tracker, port, rpcPort, ...options });
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8');
    });
  }
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  onTestFinished(() => void child.kill('SIGKILL'));
  const figures = () => aria2Figures(rpcPort);
  const whole = async () => {
    const now = await figures();
    if (child.exitCode !== null) throw new Error(`aria2 ended: ${said}`);
    return now !== undefined && now.wantedBytes > 0 && now.heldBytes === now.wantedBytes;
  };
  return {
    name: 'aria2',
    child,
    port,
    /** What it has printed. */
    said: () => said,
    whole: () => until('aria2 has all', whole, WHOLE_MS_MAX),
    heldBytes: async () => (await figures())?.heldBytes ?? 0,
    sentBytes: async () => (await figures())?.upBytes ?? 0,
    // It says that it has what it has not written yet: it has to be left the time.
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  } satisfies Client & { port: number; said: () => string };
}

export interface Aria2Options {
  readonly uploadBytesPerSecond?: number;
  readonly args?: readonly string[];
}

/** A tracker that ends with the test. */
export async function openTracker(ports: readonly number[] = []) {
  const tracker = await startTracker(ports);
  onTestFinished(() => tracker.close());
  return tracker;
}

/** Seconds are enough on an idle machine. */
const WHOLE_MS_MAX = 90_000;
