/**
 * Witnesses: whoever gets a piece says who delivered it, to those who may have given it to the deliverer. A claim counts
 * as far as this peer can check it, and as far as the witness's purse goes (`@tstream/g2g-choker`).
 */
import { type Claim, earn, vouch } from '@tstream/g2g-choker';
import type { PeerName, WitnessMessage } from '@tstream/wire-ext';
import { type Neighbour, send, viewIn } from './neighbours.js';
import type { Run } from './runs.js';
import type { Receipt } from './standing.js';
import type { State } from './state.js';
import { acquaint, BITMAP_PIECES_MAX, namesFor, neighbourNamed, reportsOf } from './testimony.js';

/** A piece went out to a neighbour to its last byte. */
export function noteGiven(to: Neighbour, run: number, seq: number): void {
  const exchange = viewIn(to, run)?.exchange;
  exchange?.given.add(seq);
  exchange?.settled.add(seq);
}

/** A piece came whole. */
export function noteReceipt(state: State, run: Run, seq: number, from: Neighbour): void {
  const { witnesses } = state;
  viewIn(from, run.run)?.exchange.settled.add(seq);
  earn(from.standing.account, run.proofs.get(seq)?.header.payloadBytes ?? 0);
  witnesses.receipts[witnesses.received % RECEIPTS_MAX] = { run: run.run, seq, from };
  witnesses.received++;
}

/** For two pieces that came one neighbour is told of what it can use: so what it costs is a share of what comes. */
export function bearWitness(state: State): void {
  const { witnesses } = state;
  for (; witnesses.received - witnesses.turnsBelow >= PIECES_PER_TURN; witnesses.turnsBelow += PIECES_PER_TURN) {
    const run = state.runs.get((witnesses.receipts[(witnesses.received - 1) % RECEIPTS_MAX] as Receipt).run);
    if (run) takeTurn(state, run);
  }
}

/** Tells the next neighbour for whom there is something to say. */
function takeTurn(state: State, run: Run): void {
  const { witnesses, neighbours } = state;
  const all = [...neighbours.values()];
  const first = all.findIndex(({ standing }) => standing.order > witnesses.toldOrder);
  for (let i = 0; i < all.length; i++) {
    const to = all[(Math.max(first, 0) + i) % all.length] as Neighbour;
    const message = to.isSource || !viewIn(to, run.run) ? undefined : messageTo(state, run, to);
    if (!message) continue;
    witnesses.toldOrder = to.standing.order;
    return send(state, to, message);
  }
}

function messageTo(state: State, run: Run, to: Neighbour): WitnessMessage | undefined {
  const names = namesToTell(state, to);
  const receipts = receiptsFor(state, run, to);
  if (names.length === 0 && receipts.length === 0) return undefined;
  let newest = 0;
  for (const { seq } of receipts) newest = Math.max(newest, seq);
  const from = newest - BITMAP_PIECES_MAX + 1;
  const reported = receipts.filter(({ seq }) => seq >= from);
  const base = reported.reduce((least, { seq }) => Math.min(least, seq), newest);
  return { type: 'witness', run: run.run, base, names, reports: reportsOf(reported, base) };
}

function namesToTell(state: State, to: Neighbour): PeerName[] {
  // Nobody has joined since it was told last: so it is at nearly every turn.
  if (to.standing.namedBelow >= state.witnesses.joined) return [];
  return namesFor(state.neighbours.values(), to, ({ isSource }) => !isSource);
}

/** Pieces of the run that came since the last report, from those that this neighbour knows. */
function receiptsFor(state: State, run: Run, to: Neighbour): Receipt[] {
  const { receipts, received } = state.witnesses;
  const { standing } = to;
  const found: Receipt[] = [];
  for (let n = Math.max(standing.reportedBelow, received - RECEIPTS_MAX); n < received; n++) {
    const receipt = receipts[n % RECEIPTS_MAX] as Receipt;
    const { from } = receipt;
    if (receipt.run !== run.run || from === to || from.isSource) continue;
    if (standing.acquainted.has(from.standing.name)) found.push(receipt);
  }
  standing.reportedBelow = received;
  return found;
}

/** WITNESS: credits who passed on what we gave them, as far as it can be checked. */
export function onWitness(state: State, witness: Neighbour, message: WitnessMessage): void {
  acquaint(witness.standing, message.names);
  const run = state.runs.get(message.run);
  if (!run) return;
  const claims: Claim[] = [];
  for (const { name, bitmap } of message.reports) {
    const deliverer = neighbourNamed(state.neighbours.values(), name);
    if (!deliverer || deliverer === witness) continue;
    const bytes = confirmedBytes(run, witness, deliverer, message.base, bitmap);
    if (bytes > 0) claims.push({ account: deliverer.standing.account, bytes });
  }
  vouch(witness.standing.account, claims);
}

/** Bytes of the pieces that we gave to the deliverer, and neither to the witness nor got from it, and that it has named nobody for. */
function confirmedBytes(run: Run, witness: Neighbour, deliverer: Neighbour, base: number, bitmap: Uint8Array): number {
  const given = viewIn(deliverer, run.run)?.exchange.given;
  const view = viewIn(witness, run.run);
  if (!given || !view) return 0;
  let bytes = 0;
  for (let bit = 0; bit < bitmap.length * 8; bit++) {
    const seq = base + bit;
    if (((bitmap[bit >> 3] as number) & (0x80 >> (bit & 7))) === 0 || !given.has(seq)) continue;
    // It must have said HAVE: so a lie costs it our offer of the piece.
    if (!view.held.has(seq) || !view.exchange.settled.add(seq)) continue;
    bytes += run.proofs.get(seq)?.header.payloadBytes ?? 0;
  }
  return bytes;
}

/** One neighbour hears of the pieces of a minute or less: a turn comes every two pieces, and nobody looks for 60 neighbours. */
const RECEIPTS_MAX = 256;
/** A WITNESS costs at most 300 bytes, packet included, where 20 neighbours all know each other: 1 % of two pieces of 16 KiB. */
const PIECES_PER_TURN = 2;
