#!/usr/bin/env node
import { createCommand, parseCommandLine, runToEnd } from '@tstream/command-line';
import { live } from './live.js';
import { declareLiveOptions, readLiveOptions } from './options.js';
import { declareVodOptions, readVodOptions } from './vod/options.js';
import { vod } from './vod/vod.js';

await runToEnd('tstream-source', async (stop) => {
  const program = createCommand(
    'tstream-source',
    'Shares video over BitTorrent, live and on demand: viewers forward it, no server is needed.',
  );
  const command = createCommand('live', 'broadcast a transport stream, a file, a URL or the test clip')
    .argument('[INPUT]', 'nothing: the test clip; -: standard input; a .ts file; anything else through ffmpeg')
    .action(async (input: string | undefined, given: Record<string, unknown>) =>
      live(input, await readLiveOptions(given), stop),
    );
  const vodCommand = createCommand('vod', 'make a torrent of a film or a folder, and seed it')
    .argument('<FILE|FOLDER>', 'what to share: its name becomes the name of the torrent')
    .action(async (source: string, given: Record<string, unknown>) => vod(source, await readVodOptions(given), stop));
  program.addCommand(declareLiveOptions(command)).addCommand(declareVodOptions(vodCommand));
  await parseCommandLine(program);
});
