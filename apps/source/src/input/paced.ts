import { setTimeout as sleep } from 'node:timers/promises';
import { createPcrPacer } from '@tstream/mpegts-cutter';
import type { InputSink } from './input.js';

/** Hands on a transport stream by its own clock, however fast it can be read. */
export async function pace(
  portions: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  fallbackBitsPerSecond: number,
  sink: InputSink,
  stop: AbortSignal,
): Promise<void> {
  const pacer = createPcrPacer({ fallbackBitsPerSecond });
  const startMs = performance.now();
  const emit = async (runs: ReturnType<typeof pacer.push>) => {
    for (const run of runs) {
      const waitMs = startMs + run.dueMs - performance.now();
      if (waitMs > 1) await sleep(waitMs, undefined, { signal: stop });
      if (stop.aborted) return;
      sink.bytes(run.bytes);
    }
  };
  try {
    for await (const bytes of portions) {
      await emit(pacer.push(bytes));
      if (stop.aborted) return;
    }
    await emit(pacer.flush());
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
