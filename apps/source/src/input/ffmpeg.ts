import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { basename, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@tstream/command-line';
import type { Input, InputSink } from './input.js';

/** Any other file or a URL, through ffmpeg. What breaks off is tried again; a file that has ended has ended. */
export async function ffmpegInput(source: string, options: { isUrl: boolean; loop: boolean }): Promise<Input> {
  if (!(await hasFfmpeg())) {
    throw new Failure(
      `${source} needs ffmpeg, which is not on the PATH: install it (for example: apt install ffmpeg), or give a .ts file`,
    );
  }
  return {
    description: source,
    name: options.isUrl ? 'stream' : basename(source, extname(source)),
    bitsPerSecond: undefined,
    run: (sink, stop) => runWithRetries(source, options, sink, stop),
  };
}

async function runWithRetries(
  source: string,
  options: { isUrl: boolean; loop: boolean },
  sink: InputSink,
  stop: AbortSignal,
): Promise<void> {
  let backOffMs = BACK_OFF_MS_MIN;
  let everDelivered = false;
  while (!stop.aborted) {
    const startedMs = performance.now();
    const outcome = await runOnce(source, options, sink, stop);
    everDelivered ||= outcome.delivered;
    if (stop.aborted || (outcome.ended && !options.isUrl)) return;
    if (!everDelivered && !options.isUrl) throw new Failure(`ffmpeg cannot read ${source}: ${outcome.lastLine}`);
    if (performance.now() - startedMs > STEADY_MS) backOffMs = BACK_OFF_MS_MIN;
    sink.retrying(backOffMs, outcome.lastLine);
    await sleep(backOffMs, undefined, { signal: stop }).catch(() => undefined);
    sink.interrupted();
    backOffMs = Math.min(2 * backOffMs, BACK_OFF_MS_MAX);
  }
}

interface Outcome {
  readonly delivered: boolean;
  readonly ended: boolean;
  readonly lastLine: string;
}

function runOnce(
  source: string,
  options: { isUrl: boolean; loop: boolean },
  sink: InputSink,
  stop: AbortSignal,
): Promise<Outcome> {
  const child = spawn('ffmpeg', ffmpegArguments(source, options), { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGTERM');
  stop.addEventListener('abort', end, { once: true });
  let delivered = false;
  child.stdout.on('data', (bytes: Buffer) => {
    delivered = true;
    sink.bytes(bytes);
  });
  const lastLine = lastLineOf(child);
  return new Promise((resolve) => {
    const settle = (code: number | null) => {
      stop.removeEventListener('abort', end);
      resolve({ delivered, ended: code === 0, lastLine: lastLine() || `ffmpeg ended with code ${code}` });
    };
    child.once('error', () => settle(null));
    child.once('close', settle);
  });
}

function lastLineOf(child: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let text = '';
  child.stderr.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-MESSAGE_CHARACTERS_MAX);
  });
  return () => text.trim().split('\n').at(-1)?.trim() ?? '';
}

/** Files are read at their own pace; so is what a URL serves, as a server may hold a whole film. */
function ffmpegArguments(source: string, options: { isUrl: boolean; loop: boolean }): string[] {
  const words = [
    '-hide_banner -loglevel error -nostdin',
    options.loop && !options.isUrl ? '-stream_loop -1' : '',
    options.isUrl && !/^https?:/i.test(source) ? '' : '-re',
    '-i SOURCE -map 0:v:0? -map 0:a:0?',
    '-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p',
    // A keyframe each second lets a viewer in within a second.
    '-force_key_frames expr:gte(t,n_forced*1) -sc_threshold 0',
    '-c:a aac -b:a 128k -ac 2',
    '-f mpegts -mpegts_flags +resend_headers pipe:1',
  ];
  return words
    .flatMap((line) => line.split(' '))
    .filter(Boolean)
    .map((word) => (word === 'SOURCE' ? source : word));
}

function hasFfmpeg(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('ffmpeg', ['-version'], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

const BACK_OFF_MS_MIN = 1000;
const BACK_OFF_MS_MAX = 15_000;
/** An input that ran so long has recovered. */
const STEADY_MS = 30_000;
const MESSAGE_CHARACTERS_MAX = 2000;
