/** One live line in a terminal, below all that was said. Apart from the other ways to tell, as what draws it is loaded for terminals only. */
import logUpdate from 'log-update';
import type { Console } from './console.js';

export function terminalConsole(): Console {
  const print = (text: string) => {
    logUpdate.clear();
    process.stdout.write(`${text}\n`);
  };
  return {
    ready: (_ready, text) => process.stdout.write(`${text.join('\n')}\n`),
    stats: (all) => logUpdate(all.map(({ text }) => `  ${text}`).join('\n')),
    event: (_event, line) => line !== undefined && print(line),
    note: print,
    close: () => logUpdate.done(),
  };
}
