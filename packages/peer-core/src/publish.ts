/** Publishing: what a source adds to its own run. */
import { decodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { noteHave } from './haves.js';
import { addProof } from './proofs.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** A new piece: held from now on, proven by its own header. */
export function onPublished(state: State, bytes: Uint8Array): void {
  const { run, header } = ownHeader(state, bytes);
  if (header.seq !== run.edgeSeq + 1) throw new RangeError(`expected seq ${run.edgeSeq + 1}, got ${header.seq}`);
  run.held.add(header.seq);
  run.offerable.add(header.seq);
  addProof(state, run, { bytes, header }, state.nowMs);
  noteHave(state, run, header.seq, undefined);
  state.mayOffer = true;
}

/** A heartbeat or an END. */
export function onBeat(state: State, bytes: Uint8Array): void {
  const { run, header } = ownHeader(state, bytes);
  addProof(state, run, { bytes, header }, state.nowMs);
}

function ownHeader(state: State, bytes: Uint8Array): { run: Run; header: PieceHeader } {
  const decoded = decodeHeader(bytes);
  if (!decoded.ok) throw new TypeError(`expected an encoded header, got one refused for its ${decoded.reason}`);
  const run = state.runs.get(decoded.value.run);
  if (!run || run.run !== state.ownRun)
    throw new RangeError(`expected a header of run ${state.ownRun}, got run ${decoded.value.run}`);
  return { run, header: decoded.value };
}
