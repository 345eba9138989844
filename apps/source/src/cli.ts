#!/usr/bin/env node
import { runToEnd, UsageError } from '@tstream/command-line';
import { Command, CommanderError } from 'commander';
import { live } from './live.js';
import { declareLiveOptions, readLiveOptions } from './options.js';

await runToEnd('tstream-source', async (stop) => {
  const program = new Command('tstream-source')
    .description('Broadcasts live video over BitTorrent: viewers forward it, no server is needed.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  declareLiveOptions(
    program
      .command('live')
      .description('broadcast a transport stream, a file, a URL or the test clip')
      .argument('[INPUT]', 'nothing: the test clip; -: standard input; a .ts file; anything else through ffmpeg')
      .exitOverride()
      .configureOutput({ writeErr: () => undefined }),
  ).action(async (input: string | undefined, given: Record<string, unknown>) =>
    live(input, await readLiveOptions(given), stop),
  );
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help') return program.outputHelp();
    if (error.exitCode !== 0) throw new UsageError(`${error.message.replace(/^error: /, '')} (see --help)`);
  }
});
