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

/**
 * Opens what was asked for, or says where to find it.
 * @param stop - When a person ends this, a player that was started for it ends, too.
 */
export function show({ player, open }: Showing, urls: Urls, screen: Console, stop: AbortSignal): void {
  if (open) void openPage(urls.page, screen.note, stop);
  if (player !== undefined) void play(player, urls.video, screen, stop);
}

interface Urls {
  readonly page: string;
  readonly video: string;
}

async function play(player: string, video: string, screen: Console, stop: AbortSignal): Promise<void> {
  const started = await startProgram(player, [video]);
  if (!started) return screen.note(`${player} is not installed: open ${video} in any player`);
  if (stop.aborted) return started.stop();
  stop.addEventListener('abort', () => started.stop(), { once: true });
  const code = await started.ended;
  if (stop.aborted) return;
  if (code === 0) screen.note(`${player} was closed; others are served until Ctrl-C`);
  else screen.note(`${player} ended with ${code}: open ${video} in any player`);
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
