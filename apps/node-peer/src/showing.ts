/** How a person wants to see what is played: the page, a player, standard output. */
import { ofOption, openPage, parsePort, startProgram, UsageError } from '@tstream/command-line';
import type { Console } from './console.js';
import type { Given } from './options.js';

export interface Showing {
  /** Of the page; 0: any. */
  readonly port: number;
  readonly player: string | undefined;
  readonly open: boolean;
  readonly stdout: boolean;
}

/** Opens what was asked for, or says where to find it. */
export async function show(
  { player, open }: Showing,
  urls: { readonly page: string; readonly video: string },
  screen: Console,
): Promise<void> {
  if (open && !(await openPage(urls.page))) screen.note(`no browser could be started: open ${urls.page}`);
  if (player !== undefined && !(await startProgram(player, [urls.video])))
    screen.note(`${player} is not installed: open ${urls.video} in any player`);
}

/** @throws {UsageError} One line: which option is wrong. */
export function readShowing(given: Given): Showing {
  const player = given.player as string | undefined;
  if (player !== undefined && player !== 'mpv' && player !== 'vlc')
    throw new UsageError(`--player '${player}' is unknown: expected mpv or vlc`);
  const stdout = given.stdout === true;
  if (stdout && given.json === true) throw new UsageError('--stdout and --json both want standard output: give one');
  return { port: ofOption('--port', given.port as string, parsePort), player, open: given.open === true, stdout };
}
