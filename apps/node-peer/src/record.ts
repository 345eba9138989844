/** `tstream-peer record`: what is played, as a clean transport stream in a file. */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Failure, formatSize, systemReason } from '@tstream/command-line';
import type { Command } from 'commander';
import { createConsole } from './console.js';
import { declareDiskOptions, declarePeerOptions, readLag, readPeerOptions } from './options.js';
import { loadLive } from './sources.js';
import { openSession } from './viewer.js';

export function declareRecord(command: Command): Command {
  return declareDiskOptions(
    declarePeerOptions(
      command
        .option('--force', 'overwrite FILE if it is there')
        .option('--lag <duration>', 'wait so long for a piece that is missing (default: 10s)'),
    ),
  );
}

export async function record(
  source: string,
  path: string,
  given: Readonly<Record<string, unknown>>,
  stop: AbortSignal,
): Promise<void> {
  const options = readPeerOptions(given);
  const lagMs = readLag(given.lag as string | undefined) ?? AWAIT_MS;
  const screen = await createConsole(options.json);
  const session = await openSession(await loadLive(source, stop), options, { lagMs, eager: true }, screen, stop);
  try {
    const file = await openFile(path, given.force === true);
    const sink = createWriteStream(path, { fd: file.fd, autoClose: false });
    const failed = (error: Error | undefined) =>
      session.fail(
        new Failure(`cannot go on writing ${path}: ${systemReason(error)}; what was recorded is kept`, {
          cause: error,
        }),
      );
    session.swarm.addReader(sink, { primary: true, onGone: failed });
    screen.ready({ file: path, peerPort: session.peerPort }, [
      `Recording ${session.swarm.metainfo.title ?? session.swarm.metainfo.name} to ${path}. Ctrl-C ends it.`,
    ]);
    await session.over.finally(async () => {
      await session.close();
      await file.close();
    });
    screen.note(`${path}: ${formatSize(sink.bytesWritten)}`);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function openFile(path: string, overwrite: boolean) {
  try {
    return await open(path, overwrite ? 'w' : 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Failure(`${path} is there already: give another name, or --force`, { cause: error });
    }
    throw new Failure(`cannot write ${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** Nobody watches a recording: it waits long for what is missing, and is written as soon as it can be. A guess. */
const AWAIT_MS = 10_000;
