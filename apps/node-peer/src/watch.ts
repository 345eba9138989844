/** `tstream-peer watch`: plays what a source turns out to be, a live stream or a film in a torrent. */
import type { Command } from 'commander';
import { declareDiskOptions, declarePeerOptions, type Given } from './options.js';
import { readShowing } from './showing.js';
import { loadSource } from './sources.js';
import { declareTorrentOptions } from './vod/torrent-options.js';
import { watchTorrent } from './vod/watch-torrent.js';
import { watchLive } from './watch-live.js';

export function declareWatch(command: Command): Command {
  return declareTorrentOptions(
    declareDiskOptions(
      declarePeerOptions(
        command
          .option('--port <port>', 'port of the page on this machine (default: any)', '0')
          .option('--open', 'open the page in a browser')
          .option('--player <name>', 'play in mpv or vlc')
          .option('--stdout', 'write what is played to standard output')
          .option('--lag <duration>', 'live: play this far behind the live edge (default: adapted)')
          .option('--file <n>', 'torrent: which of its files, as info counts them (default: the largest that plays)')
          .option('--out <folder>', 'torrent: keep what was downloaded here (default: removed at the end)'),
      ),
    ),
  );
}

export async function watch(source: string, given: Given, stop: AbortSignal): Promise<void> {
  const showing = readShowing(given);
  const found = await loadSource(source, stop);
  if (found.kind === 'live') return watchLive(found.metainfo, showing, given, stop);
  return watchTorrent(found, showing, given, stop);
}
