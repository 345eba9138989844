/** The life of a command: it begins, it is asked to stop, it closes what is open, it ends with an exit code. */
import { Interrupted, oneLine, UsageError } from './failures.js';

/**
 * Runs a command to its end. SIGINT, SIGTERM, and the death of the program that started it through a package runner, abort the signal;
 * a command that hasn't closed everything {@link CLOSE_MS_MAX} later, or a second signal, ends it hard.
 * @param name - What the command is called in messages.
 * @param command - Does the work; resolves when all is closed.
 */
export async function runToEnd(name: string, command: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(STOPPED);
    stopping.abort();
    setTimeout(() => process.exit(1), CLOSE_MS_MAX).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? stop() : undefined));
  const watch = watchStarter(stop);
  try {
    await command(stopping.signal);
    process.exitCode = 0;
  } catch (error) {
    const isStopped = stopping.signal.aborted && (error as Error).name === 'AbortError';
    if (!isStopped) process.stderr.write(`${name}: ${oneLine(error)}\n`);
    process.exitCode = isStopped ? STOPPED : codeOf(error);
  }
  clearInterval(watch);
  await flushed(process.stdout);
  process.exit();
}

function codeOf(error: unknown): number {
  if (error instanceof Interrupted) return STOPPED;
  return error instanceof UsageError ? 2 : 1;
}

/**
 * A package runner that is killed leaves its script running, so a command that one started watches for it; so does one that was
 * started with a channel to its parent.
 */
function watchStarter(stop: () => void): NodeJS.Timeout | undefined {
  if (process.channel) {
    process.on('disconnect', stop);
    process.channel.unref();
  }
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const starter = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(watch);
    stop();
  }, WATCH_MS);
  watch.unref();
  return watch;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('drain', resolve);
    stream.once('error', () => resolve());
    setTimeout(resolve, 500).unref();
  });
}

/** As a shell has it for who was interrupted: what was asked for isn't there. */
const STOPPED = 130;
/** Closing sockets and files takes milliseconds; whoever needs longer is stuck. */
const CLOSE_MS_MAX = 5000;
const WATCH_MS = 500;
