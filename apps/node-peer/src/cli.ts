#!/usr/bin/env node
import { createCommand, parseCommandLine, runToEnd } from '@tstream/command-line';
import { declareInfo, info } from './info.js';
import type { Given } from './options.js';
import { declareRecord, record } from './record.js';
import { declareSeed, seed } from './seed.js';
import { declareDownload, download } from './vod/download.js';
import { declareWatch, watch } from './watch.js';

const TORRENT = 'a .torrent file, its http(s) URL, or a magnet link';
const SOURCE = 'a .tstream or .torrent file, its http(s) URL, or a magnet link';

await runToEnd('tstream-peer', async (stop) => {
  const program = createCommand(
    'tstream-peer',
    'Watches, records and helps video over BitTorrent, live and on demand.',
  );
  program.addCommand(
    declareWatch(createCommand('watch', 'play a live stream, or a film while it downloads: a page, VLC, mpv'))
      .argument('<SOURCE>', SOURCE)
      .action((source: string, given: Given) => watch(source, given, stop)),
  );
  program.addCommand(
    declareDownload(createCommand('download', 'fetch a torrent into a folder'))
      .argument('<SOURCE>', TORRENT)
      .action((source: string, given: Given) => download(source, given, stop)),
  );
  program.addCommand(
    declareSeed(createCommand('seed', 'help live streams and torrents without playing them'))
      .argument('<SOURCE...>', SOURCE)
      .action((sources: string[], given: Given) => seed(sources, given, stop)),
  );
  program.addCommand(
    declareRecord(createCommand('record', 'write what a live stream plays to a file'))
      .argument('<SOURCE>', 'a .tstream file, or its http(s) URL')
      .argument('<FILE>', 'the file to write')
      .action((source: string, file: string, given: Given) => record(source, file, given, stop)),
  );
  program.addCommand(
    declareInfo(createCommand('info', 'say what a .tstream, a .torrent or a magnet link says'))
      .argument('<SOURCE>', SOURCE)
      .action((source: string, given: Given) => info(source, given, stop)),
  );
  await parseCommandLine(program);
});
