import { PacketAligner } from './aligner.js';
import { ahead, PCR_CYCLE, PCR_HZ, readPcr } from './clock.js';
import { isTimeBreak, pcrAt, pidOf } from './packet.js';

/**
 * Measures the bit rate of a transport stream by the clock references of one PID, the first that has them. Jumps of the clock are
 * left out.
 * @param bytes - A stretch of the stream, from anywhere: the first MBs of a file, say.
 * @returns Mean bits per second, an integer; undefined if its clock covers less than half a second.
 */
export function measureBitrate(bytes: Uint8Array): number | undefined {
  let last: { readonly pid: number; readonly pcr: number; readonly position: number } | undefined;
  let ticks = 0;
  let clockedBytes = 0;
  const sink = {
    packet(input: Uint8Array, at: number, position: number): void {
      const field = pcrAt(input, at);
      const pid = pidOf(input, at);
      if (field < 0 || (last && pid !== last.pid)) return;
      const pcr = readPcr(input, field);
      const step = last ? ahead(last.pcr, pcr, PCR_CYCLE) : Infinity;
      if (last && step <= STEP_TICKS_MAX && !isTimeBreak(input, at)) {
        ticks += step;
        clockedBytes += position - last.position;
      }
      last = { pid, pcr, position };
    },
    gap(): void {},
  };
  const aligner = new PacketAligner();
  aligner.push(bytes, 0, sink);
  aligner.finish(sink);
  return ticks < TICKS_MIN ? undefined : Math.round((clockedBytes * 8 * PCR_HZ) / ticks);
}

/** As in the pacer: what is longer is a jump. */
const STEP_TICKS_MAX = 10 * PCR_HZ;
/** A picture may be a hundred times as large as the next one; a guess. */
const TICKS_MIN = PCR_HZ / 2;
