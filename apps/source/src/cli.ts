#!/usr/bin/env node
import { createCommand, parseCommandLine, runToEnd } from '@tstream/command-line';
import { live } from './live.js';
import { declareLiveOptions, readLiveOptions } from './options.js';

await runToEnd('tstream-source', async (stop) => {
  const program = createCommand(
    'tstream-source',
    'Broadcasts live video over BitTorrent: viewers forward it, no server is needed.',
  );
  const command = createCommand('live', 'broadcast a transport stream, a file, a URL or the test clip')
    .argument('[INPUT]', 'nothing: the test clip; -: standard input; a .ts file; anything else through ffmpeg')
    .action(async (input: string | undefined, given: Record<string, unknown>) =>
      live(input, await readLiveOptions(given), stop),
    );
  await parseCommandLine(program.addCommand(declareLiveOptions(command)));
});
