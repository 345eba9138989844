#!/usr/bin/env node
import { createCommand, parseCommandLine, runToEnd } from '@tstream/command-line';
import { info } from './info.js';
import { declareRecord, record } from './record.js';
import { declareSeed, seed } from './seed.js';
import { declareWatch, watch } from './watch.js';

type Given = Readonly<Record<string, unknown>>;

await runToEnd('tstream-peer', async (stop) => {
  const program = createCommand('tstream-peer', 'Watches, records and helps live video over BitTorrent.');
  program.addCommand(
    declareWatch(createCommand('watch', 'play a live stream: a page, VLC, mpv'))
      .argument('<SOURCE>', 'a .tstream file, or its http(s) URL')
      .action((source: string, given: Given) => watch(source, given, stop)),
  );
  program.addCommand(
    declareSeed(createCommand('seed', 'help live streams without playing them'))
      .argument('<SOURCE...>', '.tstream files, or their http(s) URLs')
      .action((sources: string[], given: Given) => seed(sources, given, stop)),
  );
  program.addCommand(
    declareRecord(createCommand('record', 'write what is played to a file'))
      .argument('<SOURCE>', 'a .tstream file, or its http(s) URL')
      .argument('<FILE>', 'the file to write')
      .action((source: string, file: string, given: Given) => record(source, file, given, stop)),
  );
  program.addCommand(
    createCommand('info', 'say what a .tstream file says')
      .argument('<SOURCE>', 'a .tstream file, or its http(s) URL')
      .option('--json', 'as one JSON object')
      .action((source: string, given: Given) => info(source, given.json === true)),
  );
  await parseCommandLine(program);
});
