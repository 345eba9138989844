/** `tstream-peer download`: fetches a torrent, or some of its files, into a folder; Ctrl-C leaves what is needed to go on. */
import { join } from 'node:path';
import { formatDuration, formatSize, Interrupted } from '@tstream/command-line';
import type { SwarmNode, Torrent } from '@tstream/peer-net';
import type { Command } from 'commander';
import { type Console, createConsole } from '../console.js';
import { FIRST_START_NOTE, isFirstStart } from '../first-start.js';
import { openNode } from '../join.js';
import { declarePeerOptions, type Given } from '../options.js';
import { loadVodPolicies } from '../policies.js';
import { loadTorrent } from '../sources.js';
import { declareTorrentOptions, fileIndices, linkedFiles, readDownloadOptions } from './torrent-options.js';
import { joinTorrent, metainfoOf } from './torrent-session.js';
import { torrentStats } from './torrent-words.js';

export function declareDownload(command: Command): Command {
  return declareTorrentOptions(
    declarePeerOptions(
      command
        .requiredOption('--out <folder>', 'where it goes')
        .option('--file <n...>', 'only these of its files, as info counts them')
        .option('--seed', 'go on serving others when all is here'),
    ),
  );
}

export async function download(source: string, given: Given, stop: AbortSignal): Promise<void> {
  const options = readDownloadOptions(given);
  const folder = given.out as string;
  const screen = await createConsole(options.json);
  const failed = new AbortController();
  const policies = await loadVodPolicies(options, (failure) => failed.abort(failure));
  const over = AbortSignal.any([stop, failed.signal]);
  const found = await loadTorrent(source, over);
  if (await isFirstStart()) screen.note(FIRST_START_NOTE);
  const node = await openNode(options, (reason) => screen.note(reason));
  try {
    const metainfo = await metainfoOf(found, node, options, screen, over);
    const files = fileIndices(given.file as string[] | undefined, metainfo) ?? linkedFiles(found, metainfo);
    const part = { metainfo, folder, files, keepResume: true, swarms: 1, ...policies };
    const { torrent } = await joinTorrent(node, found, options, part, screen, over);
    const whole = await fetchAll(torrent, folder, { node, screen, over, seeds: given.seed === true });
    failed.signal.throwIfAborted();
    if (!whole) throw new Interrupted(`not all of ${metainfo.name} is here yet: the same command goes on`);
  } finally {
    await node.close();
    screen.close();
  }
}

interface Around {
  readonly node: SwarmNode;
  readonly screen: Console;
  readonly over: AbortSignal;
  readonly seeds: boolean;
}

/** @returns Whether all of it came before it was over. */
async function fetchAll(torrent: Torrent, folder: string, { node, screen, over, seeds }: Around): Promise<boolean> {
  const { metainfo } = torrent;
  const path = join(folder, metainfo.name);
  const startedMs = performance.now();
  const stats = setInterval(() => screen.stats([torrentStats(torrent)]), 1000);
  const ended = new Promise<void>((resolve) => {
    if (over.aborted) resolve();
    over.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    screen.ready({ path, infohash: torrent.figures().infohash, peerPort: node.port }, [
      `Downloading ${metainfo.title ?? metainfo.name} to ${path}. Ctrl-C ends it; the same command goes on.`,
    ]);
    const whole = await Promise.race([torrent.whole.then(() => true), ended.then(() => false)]);
    screen.stats([torrentStats(torrent)]);
    if (!whole) return false;
    const tookMs = Math.round(performance.now() - startedMs);
    const { bytesWantedHeld: bytes } = torrent.figures();
    screen.event(
      { event: 'complete', path, bytes, tookMs },
      `${path}: ${formatSize(bytes)}, all of it is here after ${formatDuration(tookMs)}.`,
    );
    if (seeds) await ended;
    return true;
  } finally {
    clearInterval(stats);
  }
}
