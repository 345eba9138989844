/** `tstream-peer seed`: helps any number of live streams and torrents, without playing them, until a person stops it. */
import { once } from 'node:events';
import type { SwarmNode } from '@tstream/peer-net';
import type { Command } from 'commander';
import { type Console, createConsole, type Stats } from './console.js';
import { openNode } from './join.js';
import { liveStats } from './live-words.js';
import { declareDiskOptions, declarePeerOptions, type Given } from './options.js';
import { loadPolicies, loadVodPolicies } from './policies.js';
import { seedLive } from './seed-live.js';
import { loadSource, type Source } from './sources.js';
import { seedTorrent } from './vod/seed-torrent.js';
import { type DownloadOptions, declareTorrentOptions, readDownloadOptions } from './vod/torrent-options.js';
import { torrentStats } from './vod/torrent-words.js';

export function declareSeed(command: Command): Command {
  return declareTorrentOptions(
    declareDiskOptions(
      declarePeerOptions(command.option('--dir <folder>', 'torrents: where their files are, or go', '.')),
    ),
  );
}

export async function seed(sources: readonly string[], given: Given, stop: AbortSignal): Promise<void> {
  const options = readDownloadOptions(given);
  const failed = new AbortController();
  const over = AbortSignal.any([stop, failed.signal]);
  const all = await Promise.all(sources.map((source) => loadSource(source, over)));
  const join = await readHelp(all, options, given.dir as string, over, (failure) => failed.abort(failure));
  const screen = await createConsole(options.json);
  const node = await openNode(options, (reason) => screen.note(reason));
  try {
    const joined = await Promise.all(all.map((source) => join(node, source, screen)));
    const tell = () => screen.stats(joined.map((stats) => stats()));
    screen.ready({ peerPort: node.port, swarms: all.length }, [
      `Helping ${all.map(nameOf).join(', ')} on port ${node.port}. Ctrl-C ends it.`,
    ]);
    const timer = setInterval(tell, 1000);
    if (!over.aborted) await once(over, 'abort');
    clearInterval(timer);
    tell();
    failed.signal.throwIfAborted();
  } finally {
    await node.close();
    screen.close();
  }
}

type Help = (node: SwarmNode, source: Source, screen: Console) => Promise<() => Stats>;

/** How each is helped. What a person allows in all is shared out evenly. */
async function readHelp(
  all: readonly Source[],
  options: DownloadOptions,
  folder: string,
  over: AbortSignal,
  onThrown: (failure: Error) => void,
): Promise<Help> {
  const swarms = all.length;
  const none = { picker: undefined, choker: undefined };
  // A picker is one for live streams or one for torrents: it is looked for as what it is to be used for.
  const live = all.some(({ kind }) => kind === 'live') ? await loadPolicies(options, onThrown) : none;
  const vod = all.some(({ kind }) => kind !== 'live') ? await loadVodPolicies(options, onThrown) : none;
  return async (node, source, screen) => {
    if (source.kind === 'live') {
      const swarm = await seedLive(node, source.metainfo, options, live, swarms, screen);
      return () => liveStats(swarm);
    }
    const torrent = await seedTorrent(node, source, { options, folder, policies: vod, swarms, screen, over });
    return () => torrentStats(torrent);
  };
}

function nameOf(source: Source): string {
  if (source.kind === 'magnet') return source.magnet.name ?? 'what the link names';
  return source.metainfo.title ?? source.metainfo.name;
}
