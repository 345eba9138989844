/** Checks of signatures and digests: asked of the driver, answered whenever it likes. */
import type { PieceHeader, RunCertificate } from '@tstream/live-piece-auth';
import type { Block } from '@tstream/wire-ext';
import type { ConnectionId } from './inputs.js';
import type { Neighbour } from './neighbours.js';
import type { Check } from './outputs.js';
import type { Incoming } from './receive.js';
import type { State } from './state.js';

/** What a check is for. A late answer finds its neighbour or its transfer gone, and is dropped. */
export type Job =
  | {
      readonly kind: 'certificate';
      readonly connection: ConnectionId;
      readonly certificate: Uint8Array;
      readonly certified: RunCertificate;
    }
  | {
      readonly kind: 'offer' | 'edge';
      readonly connection: ConnectionId;
      readonly bytes: Uint8Array;
      readonly header: PieceHeader;
      readonly arrivedMs: number;
    }
  | { readonly kind: 'source'; readonly connection: ConnectionId; readonly run: number }
  | { readonly kind: 'block'; readonly incoming: Incoming; readonly block: number; readonly bytes: Block };

/** Asks the driver for a check. */
export function ask(state: State, job: Job, check: Check): void {
  const number = state.nextJob++;
  state.jobs.set(number, job);
  state.outputs.push({ type: 'verify', job: number, check });
}

/** Takes the job off the list, or undefined if it isn't on it. */
export function takeJob(state: State, number: number): Job | undefined {
  const job = state.jobs.get(number);
  state.jobs.delete(number);
  return job;
}

/** What a neighbour offered is taken back before its header was checked: it still proves that the piece exists. */
export function forgetOffer(state: State, neighbour: Neighbour, run: number, seq: number): void {
  for (const [number, job] of state.jobs) {
    if (job.kind !== 'offer' || job.connection !== neighbour.id) continue;
    if (job.header.run === run && job.header.seq === seq) state.jobs.set(number, { ...job, kind: 'edge' });
  }
}

/** So many outstanding that no more messages are read: 64 signatures are 7 ms of work. */
export const JOBS_MAX = 64;
