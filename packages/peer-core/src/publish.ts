/** Publishing: what a source adds to its own run. */
import { decodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { auditSpread } from './audit.js';
import { noteHave } from './haves.js';
import { addProof } from './proofs.js';
import type { Run } from './runs.js';
import type { State } from './state.js';

/** A new piece: held from now on, proven by its own header. */
export function onPublished(state: State, bytes: Uint8Array): void {
  const own = ownHeader(state, bytes);
  if (!own) return;
  const { run, header } = own;
  if (header.seq !== run.edgeSeq + 1) throw new RangeError(`expected seq ${run.edgeSeq + 1}, got ${header.seq}`);
  run.held.add(header.seq);
  run.offerable.add(header.seq);
  addProof(state, run, { bytes, header }, state.nowMs);
  noteHave(state, run, header.seq, undefined);
  auditSpread(state, run, header.seq);
  state.mayOffer = true;
}

/** A heartbeat or an END. */
export function onBeat(state: State, bytes: Uint8Array): void {
  const own = ownHeader(state, bytes);
  if (own) addProof(state, own.run, { bytes, header: own.header }, state.nowMs);
}

/** Undefined if two later runs have pushed ours out: that may be so before the source hears that it is superseded. */
function ownHeader(state: State, bytes: Uint8Array): { run: Run; header: PieceHeader } | undefined {
  const decoded = decodeHeader(bytes);
  if (!decoded.ok) throw new TypeError(`expected an encoded header, got one refused for its ${decoded.reason}`);
  const header = decoded.value;
  if (header.run !== state.ownRun)
    throw new RangeError(`expected a header of run ${state.ownRun}, got run ${header.run}`);
  const run = state.runs.get(header.run);
  return run && { run, header };
}
