import { Failure } from '@tstream/command-line';
import type { Input } from './input.js';

/** A transport stream on standard input, at the pace at which it comes. */
export function standardInput(): Input {
  if (process.stdin.isTTY) {
    throw new Failure('nothing is piped in: start for example with  ffmpeg … -f mpegts pipe:1 | tstream-source live -');
  }
  return {
    description: 'standard input',
    name: 'stream',
    bitsPerSecond: undefined,
    run: async (sink, stop) => {
      const { stdin } = process;
      const end = () => stdin.destroy();
      stop.addEventListener('abort', end, { once: true });
      try {
        let silent = true;
        for await (const bytes of stdin) {
          silent = false;
          sink.bytes(bytes as Buffer);
        }
        // What stands before the pipe has failed, and says so itself if at all.
        if (silent && !stop.aborted) throw new Failure('nothing came in on standard input: does the encoder run?');
      } catch (error) {
        if (!stop.aborted) throw error;
      } finally {
        stop.removeEventListener('abort', end);
      }
    },
  };
}
