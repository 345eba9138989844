/** Receiving: an offer is accepted by requests; each block is checked on arrival; one sender per piece. */
import { BLOCK_BYTES, type PieceHeader } from '@tstream/live-piece-auth';
import { ringIndex } from '@tstream/sliding-window';
import type { Block } from '@tstream/wire-ext';
import { blockBytes } from './blocks.js';
import { ask, forgetOffer } from './checks.js';
import { noteDelivery, overdueMs } from './delivery-time.js';
import { noteHave } from './haves.js';
import {
  closeNeighbour,
  forgiveLateBlocks,
  isForgiven,
  isShunned,
  isUnreliable,
  type Neighbour,
  send,
  sendToAll,
  strike,
  viewIn,
} from './neighbours.js';
import { noteArrival } from './playout.js';
import { type Claim, decline, takeHeader } from './proofs.js';
import { countBytes } from './rate.js';
import type { Run } from './runs.js';
import type { State } from './state.js';
import { noteReceipt } from './witnesses.js';

/** A piece that was accepted and is on its way. */
export interface Incoming {
  readonly run: Run;
  readonly header: PieceHeader;
  readonly index: number;
  readonly from: Neighbour;
  /** By block: nothing yet, being checked, or checked and stored. */
  readonly blocks: ('missing' | 'checking' | 'stored')[];
  /** When its first byte came in. */
  startedMs: number | undefined;
  readonly acceptedMs: number;
  /** When it was accepted, or its newest block came in. */
  signMs: number;
  /** Others who offered it since, and were told that it is coming. */
  readonly offeredBy: Set<Neighbour>;
  /** A faster neighbour that was asked for it, as it takes long. */
  turnedTo: Neighbour | undefined;
}

export function onOffer(state: State, neighbour: Neighbour, bytes: Uint8Array): void {
  const taken = takeHeader(state, neighbour, bytes, 'offer');
  if (taken) considerOffer(state, taken.run, taken.claim);
}

/** Answers an offer whose header is proven: by requests, or by a DECLINE that says why. */
export function considerOffer(state: State, run: Run, claim: Claim): void {
  const neighbour = state.neighbours.get(claim.connection);
  if (!neighbour) return;
  const { header } = claim;
  viewIn(neighbour, run.run)?.learn(header.seq);
  if (run.held.has(header.seq)) return decline(state, neighbour, header, 'have');
  const incoming = run.incoming.get(header.seq);
  if (incoming && !isOfferedAnew(incoming, neighbour)) {
    incoming.offeredBy.add(neighbour);
    return decline(state, neighbour, header, 'coming');
  }
  if (incoming) {
    if (incoming.from === neighbour) giveUp(state, incoming);
    else leave(state, incoming);
    // That was one strike too many.
    if (!state.neighbours.has(neighbour.id)) return;
  }
  const index = ringIndex(header.seq, state.config.ringPieces);
  const isDoubtful = isShunned(state, neighbour) || (run.missing.get(header.seq)?.failed && isUnreliable(neighbour));
  if (!isWanted(state, run, header.seq) || isDoubtful || neighbour.receiving.has(index)) {
    return decline(state, neighbour, header, 'busy');
  }
  accept(state, run, neighbour, header, index);
}

/**
 * Its sender offers the piece that we wait for: what it sent was lost, as a neighbour's messages come in the order in which they left. To wait
 * until it takes longer than nearly all do is longer by a second, and then a second loss makes the piece late. Or the faster one does that was
 * asked for it.
 */
function isOfferedAnew({ from, turnedTo, blocks }: Incoming, neighbour: Neighbour): boolean {
  if (!blocks.includes('missing')) return false;
  return neighbour === from || (neighbour === turnedTo && !isUnreliable(neighbour));
}

function isWanted(state: State, run: Run, seq: number): boolean {
  if (run.startSeq === undefined || seq < run.startSeq || seq < run.held.base) return false;
  if (run.incoming.size >= INCOMING_MAX) return false;
  const { playout } = state;
  return playout.run !== run.run || seq >= playout.nextSeq;
}

function accept(state: State, run: Run, neighbour: Neighbour, header: PieceHeader, index: number): void {
  const incoming: Incoming = {
    run,
    header,
    index,
    from: neighbour,
    blocks: header.digests.map(() => 'missing'),
    startedMs: undefined,
    acceptedMs: state.nowMs,
    signMs: state.nowMs,
    offeredBy: new Set(),
    turnedTo: undefined,
  };
  run.incoming.set(header.seq, incoming);
  run.missing.delete(header.seq);
  neighbour.receiving.set(index, incoming);
  for (let block = 0; block < header.digests.length; block++) {
    const begin = block * BLOCK_BYTES;
    send(state, neighbour, { type: 'request', index, begin, length: blockBytes(header, block) });
  }
  sendToAll(state, run, { type: 'coming', run: run.run, seq: header.seq }, neighbour);
  state.timers.transfers = Math.min(state.timers.transfers, state.nowMs + overdueMs(state.deliveryTime));
}

/**
 * The first byte of a block is in: the piece can be offered on. But not what a slow neighbour sends: who accepts it waits for that one,
 * and takes it from nobody else. With half the viewers at a quarter of the bitrate, those lost 6 % of the pieces; without such
 * offers 1 to 2 %.
 */
export function onPieceStarted(state: State, neighbour: Neighbour, index: number): void {
  const incoming = neighbour.receiving.get(index);
  if (!incoming || incoming.startedMs !== undefined) return;
  incoming.startedMs = state.nowMs;
  if (neighbour.transferMs > SLOW_PIECES * incoming.run.pieceMs) return;
  incoming.run.offerable.add(incoming.header.seq);
  state.mayOffer = true;
}

export function onPiece(state: State, neighbour: Neighbour, index: number, begin: number, block: Block): void {
  const incoming = neighbour.receiving.get(index) ?? reviveLate(state, neighbour, index);
  if (!incoming) {
    if (!isForgiven(state, neighbour, index)) closeNeighbour(state, neighbour, 'unexpected', true);
    return;
  }
  const number = begin / BLOCK_BYTES;
  const digest = incoming.header.digests[number];
  if (!digest || incoming.blocks[number] !== 'missing') return closeNeighbour(state, neighbour, 'unexpected', true);
  if (block.byteLength !== blockBytes(incoming.header, number)) return rejectBlock(state, incoming);
  onPieceStarted(state, neighbour, index);
  incoming.blocks[number] = 'checking';
  incoming.signMs = state.nowMs;
  countBytes(neighbour.received, block.byteLength, state.nowMs);
  ask(state, { kind: 'block', incoming, block: number, bytes: block }, { kind: 'block', block, digest });
}

/**
 * The piece that we gave up comes after all, and is as good as any: it is taken, whoever else is asked for it by now. Only where one block is all of
 * it: of others the rest was cancelled. The sender keeps its strike: who is late each time is taken from no more often than who never delivers.
 * 60 viewers, half of them at a quarter of the bitrate, lose 0.1 % of pieces without this, and 0.02 to 0.04 % with it.
 */
function reviveLate(state: State, neighbour: Neighbour, index: number): Incoming | undefined {
  const late = neighbour.cancelled.get(index)?.incoming;
  if (!late || late.header.digests.length > 1 || !isForgiven(state, neighbour, index)) return undefined;
  const { run, header } = late;
  if (state.runs.get(run.run) !== run || run.held.has(header.seq) || !isWanted(state, run, header.seq))
    return undefined;
  const other = run.incoming.get(header.seq);
  if (other) {
    cancel(state, other);
    forgiveLateBlocks(state, other);
    other.from.receiving.delete(index);
  }
  run.incoming.set(header.seq, late);
  run.missing.delete(header.seq);
  neighbour.receiving.set(index, late);
  return late;
}

export function onBlockChecked(state: State, incoming: Incoming, number: number, block: Block, ok: boolean): void {
  if (incoming.run.incoming.get(incoming.header.seq) !== incoming) return;
  if (!ok) return rejectBlock(state, incoming);
  incoming.blocks[number] = 'stored';
  const whole = incoming.blocks.every((block) => block === 'stored');
  const { header } = incoming;
  state.outputs.push({ type: 'store', header, begin: number * BLOCK_BYTES, block, whole });
  if (incoming.from.isSource) state.counters.bytesFromSource += block.byteLength;
  else state.counters.bytesFromPeers += block.byteLength;
  if (whole) complete(state, incoming);
}

function rejectBlock(state: State, incoming: Incoming): void {
  // The other blocks that it sent are refused with it, and not counted.
  if (!state.neighbours.has(incoming.from.id)) return;
  state.counters.piecesRejected++;
  closeNeighbour(state, incoming.from, 'bad-block', true);
}

function complete(state: State, incoming: Incoming): void {
  const { run, header, from, index } = incoming;
  run.incoming.delete(header.seq);
  from.receiving.delete(index);
  from.delivered++;
  from.withdrawn = 0;
  noteTransfer(from, state.nowMs - (incoming.startedMs ?? state.nowMs));
  if (from.strikes > 0 && from.delivered % FORGIVEN_PER_STRIKE === 0) from.strikes--;
  run.held.add(header.seq);
  run.offerable.add(header.seq);
  state.mayOffer = true;
  noteHave(state, run, header.seq, from);
  noteReceipt(state, run, header.seq, from);
  noteDelivery(state.deliveryTime, state.nowMs - incoming.acceptedMs);
  noteArrival(state, run, header);
}

function noteTransfer(from: Neighbour, tookMs: number): void {
  from.transferMs = from.delivered === 1 ? tookMs : (3 * from.transferMs + tookMs) / 4;
}

/** Gives up a transfer. The piece counts as missing from now on, and was asked for once. */
export function failIncoming(state: State, incoming: Incoming): void {
  const { run, header, from, index } = incoming;
  if (run.incoming.get(header.seq) !== incoming) return;
  state.mayPlay = true;
  run.incoming.delete(header.seq);
  from.receiving.delete(index);
  run.offerable.delete(header.seq);
  if (incoming.startedMs !== undefined) {
    state.outputs.push({ type: 'abandon', run: run.run, seq: header.seq });
    state.lost.push({ run: run.run, seq: header.seq });
  }
  run.missing.set(header.seq, { sinceMs: state.nowMs - REPAIR_AT_ONCE_MS, asked: 0, failed: true });
  state.timers.repair = state.nowMs;
}

export function cancel(state: State, { from, header, index, blocks }: Incoming): void {
  for (const [block, progress] of blocks.entries()) {
    if (progress !== 'missing') continue;
    const length = blockBytes(header, block);
    send(state, from, { type: 'cancel', index, begin: block * BLOCK_BYTES, length });
  }
}

/** Takes no more of it from its sender, which is only slow. */
function leave(state: State, incoming: Incoming): void {
  cancel(state, incoming);
  forgiveLateBlocks(state, incoming);
  failIncoming(state, incoming);
}

export function giveUp(state: State, incoming: Incoming): void {
  forgiveLateBlocks(state, incoming);
  failIncoming(state, incoming);
  strike(state, incoming.from);
}

/** WITHDRAW: the neighbour takes its offer back. */
export function onWithdraw(state: State, neighbour: Neighbour, run: number, seq: number): void {
  forgetOffer(state, neighbour, run, seq);
  const incoming = neighbour.receiving.get(ringIndex(seq, state.config.ringPieces));
  if (incoming && incoming.run.run === run && incoming.header.seq === seq) {
    forgiveLateBlocks(state, incoming);
    failIncoming(state, incoming);
    neighbour.withdrawn++;
    if (neighbour.withdrawn > WITHDRAWN_MAX) closeNeighbour(state, neighbour, 'no-delivery', true);
  }
}

/** A neighbour whose pieces take so many pieces' time from their first byte to their last is slow. A guess. */
const SLOW_PIECES = 3;
/** Pieces under way at a time: at 128 KiB, 16 MiB. */
const INCOMING_MAX = 128;
const FORGIVEN_PER_STRIKE = 20;
/** Who offers and takes back without end has us tell all others of it each time, and is never late. A guess, above what a sender that fails has open. */
const WITHDRAWN_MAX = 64;
/** A piece that was on its way and failed has waited long enough to be asked for at once. */
const REPAIR_AT_ONCE_MS = 60_000;
