/**
 * Pickers' questions drawn as tables. A column is a piece, the leftmost one number `base`:
 *
 *     here  ####      what this peer can offer
 *     A     #+.. 5    what A holds (#), knows without holding it (+), lacks (.), asks for (?) or doesn't want, as it began later (<); its rank
 *     B     .... 0 2  … and two offers that it hasn't answered
 *
 * The answer is written `A12`: piece 12 to A.
 */
import { SeqSet } from '@tstream/sliding-window';
import type { MissingPiece, NeighbourView, Offer, OfferView, PiecePicker, WantView } from '../src/index.js';

export interface Question {
  /** Number of the leftmost column. */
  readonly base?: number;
  readonly origin?: boolean;
  readonly fromSeq?: number;
  readonly random?: (below: number) => number;
}

/** What a picker offers, as `A12`, or `nothing`. */
export function offerOf(picker: PiecePicker, table: string, question: Question = {}): string {
  return written(picker.offer(offerView(table, question)));
}

/** All that a picker offers one after the other, each answer noted as known. */
export function offersOf(picker: PiecePicker, table: string, question: Question = {}): string {
  const view = offerView(table, question);
  const offers: string[] = [];
  for (let offer = picker.offer(view); offer && offers.length < 100; offer = picker.offer(view)) {
    offers.push(written(offer));
    offer.neighbour.known.add(offer.seq);
  }
  return offers.join(' ');
}

function offerView(table: string, question: Question = {}): OfferView {
  const { base = 0, origin = false, fromSeq = 0, random = () => 0 } = question;
  const [here, ...others] = rowsOf(table);
  if (here?.name !== 'here') throw new TypeError(`expected a first row "here", got ${here?.name}`);
  const offerable = setOf(here.states, base, '#');
  const neighbours = others.map((row, i) => neighbourOf(row, i, base));
  return { origin, offerable, fromSeq, edgeSeq: base + here.states.length - 1, neighbours, random };
}

/** What a picker asks for, as `A12 B12`. The table's rows are neighbours only. */
export function wantsOf(
  picker: PiecePicker,
  table: string,
  view: Omit<WantView, 'neighbours' | 'random' | 'rttMs'> & Partial<Pick<WantView, 'random' | 'rttMs'>>,
): string {
  const neighbours = rowsOf(table).map((row, i) => neighbourOf(row, i, 0));
  return picker
    .want({ random: () => 0, rttMs: 0, ...view, neighbours })
    .map(written)
    .join(' ');
}

/** A piece that has waited long enough for everybody, and that no reader needs soon. */
export function missingPiece(seq: number, rest: Partial<MissingPiece> = {}): MissingPiece {
  return { seq, waitedMs: 5000, asked: 1, failed: false, dueInMs: Infinity, ...rest };
}

function written(offer: Offer | undefined): string {
  return offer ? `${String.fromCharCode(65 + offer.neighbour.id)}${offer.seq}` : 'nothing';
}

interface Row {
  readonly name: string;
  readonly states: string;
  readonly rank: number;
  readonly unanswered: number;
}

function rowsOf(table: string): Row[] {
  const lines = table.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [name = '', states = '', rank = '0', unanswered = '0'] = line.trim().split(/\s+/);
    return { name, states, rank: Number(rank), unanswered: Number(unanswered) };
  });
}

function neighbourOf({ states, rank, unanswered }: Row, id: number, base: number): NeighbourView {
  const unwanted = /^<*/.exec(states)?.[0].length ?? 0;
  const startSeq = unwanted === states.length ? Infinity : unwanted === 0 ? 0 : base + unwanted;
  const wanted = states.indexOf('?');
  const wantedSeq = wanted < 0 ? -1 : base + wanted;
  return {
    id,
    known: setOf(states, base, '#+'),
    held: setOf(states, base, '#'),
    startSeq,
    wantedSeq,
    rank,
    unanswered,
  };
}

function setOf(states: string, base: number, marks: string): SeqSet {
  const set = new SeqSet(512);
  for (const [i, state] of [...states].entries()) if (marks.includes(state)) set.add(base + i);
  return set;
}
