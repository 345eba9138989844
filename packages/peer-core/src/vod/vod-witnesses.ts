/**
 * Witnesses of on-demand pieces. As in a live swarm, whoever gets a piece says who delivered it, to those who may have given it to the
 * deliverer; a claim counts as far as this peer can check it, and as far as the witness's purse goes. Who comes later has nothing to give
 * to those who came before, so that purses are empty: what was told beyond them is counted apart, and chokers know it for mere word.
 */
import { type Claim, vouch } from '@tstream/g2g-choker';
import type { WitnessMessage } from '@tstream/wire-ext';
import type { Receipt } from '../standing.js';
import { acquaint, BITMAP_PIECES_MAX, namesFor, neighbourNamed, reportsOf } from '../testimony.js';
import { isPiece, pieceLength } from './layout.js';
import { send, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

/** A block went out to a neighbour. */
export function noteVodGiven(to: VodNeighbour, index: number, bytes: number): void {
  const before = to.given.get(index);
  to.given.set(index, (before ?? 0) + bytes);
  if (before === undefined) to.settled.set(index, 1);
}

/** A piece came, most of it from this neighbour. */
export function noteVodReceipt(state: VodState, index: number, from: VodNeighbour): void {
  const { witnesses } = state;
  from.settled.set(index, 1);
  if (from.kind === 'webSeed') return;
  witnesses.receipts[witnesses.received % RECEIPTS_MAX] = { run: VOD_RUN, seq: index, from };
  witnesses.received++;
  expectTurn(state);
}

/** There is something to tell: a piece that came, or, at a seed as well, who is there. */
export function expectTurn(state: VodState): void {
  if (state.timers.witness === Infinity) state.timers.witness = state.nowMs + TURN_MS;
}

/** Tells the next neighbours for whom there is something to say. */
export function bearVodWitness(state: VodState): void {
  const { witnesses } = state;
  state.timers.witness = Infinity;
  const all = [...state.neighbours.values()].filter((one) => one.witnesses);
  const from = all.findIndex(({ standing }) => standing.order > witnesses.toldOrder);
  let told = 0;
  for (let i = 0; i < all.length; i++) {
    const to = all[(Math.max(from, 0) + i) % all.length] as VodNeighbour;
    const message = messageTo(state, to);
    if (!message) continue;
    if (told === TOLD_PER_TURN) {
      state.timers.witness = state.nowMs + TURN_MS;
      return;
    }
    told++;
    witnesses.toldOrder = to.standing.order;
    send(state, to, message);
  }
}

function messageTo(state: VodState, to: VodNeighbour): WitnessMessage | undefined {
  const names = namesFor(state.neighbours.values(), to, ({ kind }) => kind === 'peer');
  const receipts = receiptsFor(state, to);
  if (names.length === 0 && receipts.length === 0) return undefined;
  // Those around the newest one: a bitmap has no room for more.
  const newest = receipts.at(-1)?.seq ?? 0;
  const least = Math.max(0, newest - BITMAP_PIECES_MAX / 2);
  const reported = receipts.filter(({ seq }) => seq >= least && seq < least + BITMAP_PIECES_MAX);
  const base = reported.reduce((lowest, { seq }) => Math.min(lowest, seq), newest);
  return { type: 'witness', run: VOD_RUN, base, names, reports: reportsOf(reported, base) };
}

/** Pieces that came since the last report, from those that this neighbour knows. */
function receiptsFor(state: VodState, to: VodNeighbour): Receipt<VodNeighbour>[] {
  const { receipts, received } = state.witnesses;
  const { standing } = to;
  const found: Receipt<VodNeighbour>[] = [];
  for (let n = Math.max(standing.reportedBelow, received - RECEIPTS_MAX); n < received; n++) {
    const receipt = receipts[n % RECEIPTS_MAX] as Receipt<VodNeighbour>;
    if (receipt.from !== to && standing.acquainted.has(receipt.from.standing.name)) found.push(receipt);
  }
  standing.reportedBelow = received;
  return found;
}

/** WITNESS: credits who passed on what we gave them. */
export function onVodWitness(state: VodState, witness: VodNeighbour, message: WitnessMessage): void {
  acquaint(witness.standing, message.names);
  const claims: Claim[] = [];
  for (const { name, bitmap } of message.reports) {
    const deliverer = neighbourNamed(state.neighbours.values(), name);
    if (!deliverer || deliverer === witness) continue;
    deliverer.toldBytes += toldBytes(state, witness, message.base, bitmap);
    const bytes = confirmedBytes(state, witness, deliverer, message.base, bitmap);
    if (bytes > 0) claims.push({ account: deliverer.standing.account, bytes });
  }
  vouch(witness.standing.account, claims);
}

/** All that the witness holds of these pieces, whoever the deliverer had them from; each once. */
function toldBytes({ layout }: VodState, witness: VodNeighbour, base: number, bitmap: Uint8Array): number {
  let bytes = 0;
  for (const index of piecesOf(base, bitmap)) {
    if (!isPiece(layout, index) || witness.held[index] !== 1 || witness.told.get(index) === 1) continue;
    witness.told.set(index, 1);
    bytes += pieceLength(layout, index);
  }
  return bytes;
}

/** What we gave to the deliverer of these pieces, that the witness says it holds, and has named nobody for. */
function confirmedBytes(
  state: VodState,
  witness: VodNeighbour,
  deliverer: VodNeighbour,
  base: number,
  bitmap: Uint8Array,
): number {
  let bytes = 0;
  for (const index of piecesOf(base, bitmap)) {
    if (!isPiece(state.layout, index)) continue;
    const given = deliverer.given.get(index);
    // It must have said HAVE: so a lie costs it the piece.
    if (given === undefined || witness.held[index] !== 1 || witness.settled.get(index) === 1) continue;
    witness.settled.set(index, 1);
    bytes += Math.min(given, pieceLength(state.layout, index));
  }
  return bytes;
}

function piecesOf(base: number, bitmap: Uint8Array): number[] {
  const pieces: number[] = [];
  for (let bit = 0; bit < bitmap.length * 8; bit++) {
    if (((bitmap[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0) pieces.push(base + bit);
  }
  return pieces;
}

/** Runs are of live streams: what is on demand has only this one. */
const VOD_RUN = 0;
/** A turn comes every few seconds, to a few neighbours. Guesses. */
const TURN_MS = 3000;
const TOLD_PER_TURN = 4;
const RECEIPTS_MAX = 256;
