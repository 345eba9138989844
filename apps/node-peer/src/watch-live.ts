/** `tstream-peer watch`: a player's view of a live stream. */
import { ofOption, openPage, parsePort, startProgram, UsageError } from '@tstream/command-line';
import type { Command } from 'commander';
import { createConsole } from './console.js';
import { openLocalSite } from './local-site.js';
import { declarePeerOptions, readLag, readPeerOptions } from './options.js';
import { openSession } from './viewer.js';

export function declareWatch(command: Command): Command {
  return declarePeerOptions(
    command
      .option('--port <port>', 'port of the page on this machine (default: any)', '0')
      .option('--open', 'open the page in a browser')
      .option('--player <name>', 'play in mpv or vlc')
      .option('--stdout', 'write the transport stream to standard output')
      .option('--lag <duration>', 'play this far behind the live edge (default: adapted)'),
  );
}

export async function watch(
  source: string,
  given: Readonly<Record<string, unknown>>,
  stop: AbortSignal,
): Promise<void> {
  const options = readPeerOptions(given);
  const lagMs = readLag(given.lag as string | undefined);
  const port = ofOption('--port', given.port as string, parsePort);
  const player = playerOf(given.player as string | undefined);
  if (given.stdout === true && options.json)
    throw new UsageError('--stdout and --json both want standard output: give one');
  const screen = createConsole(options.json, given.stdout === true);
  const session = await openSession(source, options, { lagMs }, screen, stop);
  try {
    const site = await openLocalSite(port, session.swarm);
    try {
      const stream = `${site.url}/stream`;
      const { name, title } = session.swarm.metainfo;
      screen.ready({ http: site.url, stream, peerPort: session.peerPort }, [
        `Watching ${title ?? name}.`,
        `  Page     ${site.url}/`,
        `  Players  ${stream}   (VLC, mpv, …)`,
        '  Ctrl-C ends it.',
      ]);
      if (given.stdout === true) {
        session.swarm.addReader(process.stdout, {
          primary: true,
          keepOpen: true,
          onGone: () => session.fail(new Error('standard output was closed')),
        });
      }
      if (given.open === true && !(await openPage(`${site.url}/`)))
        screen.note(`no browser could be started: open ${site.url}/`);
      if (player && !(await startProgram(player, [stream])))
        screen.note(`${player} is not installed: open ${stream} in any player`);
      await session.over;
    } finally {
      await session.close();
      site.close();
    }
  } catch (error) {
    await session.close();
    throw error;
  }
}

function playerOf(text: string | undefined): string | undefined {
  if (text === undefined || text === 'mpv' || text === 'vlc') return text;
  throw new UsageError(`--player '${text}' is unknown: expected mpv or vlc`);
}
