/** Questions made from a number: the same number, the same question. */
import { SeqSet } from '@tstream/sliding-window';
import type { MissingPiece, NeighbourView, OfferView, WantView } from '../picker.js';
import { createChance } from './chance.js';

type Chance = (below: number) => number;

/** What there is to choose from in a generated question: up to ten neighbours, a window of up to 120 pieces. */
export function offerViewOf(seed: number, random: Chance): OfferView {
  const chance = createChance(seed);
  const { fromSeq, edgeSeq } = windowOf(chance);
  const origin = chance(4) === 0;
  const offerable = setOf(chance, fromSeq, edgeSeq);
  const neighbours = neighboursOf(chance, fromSeq, edgeSeq);
  return { origin, offerable, fromSeq, edgeSeq, neighbours, random };
}

export function wantViewOf(seed: number, random: Chance): WantView {
  const chance = createChance(seed);
  const { fromSeq, edgeSeq } = windowOf(chance);
  const pieceMs = 20 + chance(400);
  const missing = missingOf(chance, setOf(chance, fromSeq, edgeSeq), pieceMs);
  const neighbours = neighboursOf(chance, fromSeq, edgeSeq);
  return { missing, neighbours, pieceMs, rttMs: chance(2) * chance(600), joining: chance(3) === 0, random };
}

/** Numbers near the ends of what a picker may handle with bit operators, or by mistake. */
function windowOf(chance: Chance): { readonly fromSeq: number; readonly edgeSeq: number } {
  const bases = [0, 1, 1000, 2 ** 31 - 60, 2 ** 32 - 60, 2 ** 45 + 7];
  const fromSeq = bases[chance(bases.length)] as number;
  return { fromSeq, edgeSeq: fromSeq + chance(PIECES) };
}

function neighboursOf(chance: Chance, fromSeq: number, edgeSeq: number): NeighbourView[] {
  const firstId = chance(1000);
  return Array.from({ length: chance(NEIGHBOURS) }, (_, i) => {
    const held = setOf(chance, fromSeq, edgeSeq);
    const known = setOf(chance, fromSeq, edgeSeq);
    for (let seq = held.lowest(); seq >= 0; seq = held.nextFrom(seq + 1)) known.add(seq);
    const starts = [Infinity, 0, fromSeq, fromSeq + chance(edgeSeq - fromSeq + 1)];
    return {
      id: firstId + i * 7,
      known,
      held,
      wantedSeq: [-1, -1, fromSeq + chance(edgeSeq - fromSeq + 1), edgeSeq + 5, Math.max(0, fromSeq - 1)][
        chance(5)
      ] as number,
      startSeq: starts[chance(starts.length)] as number,
      rank: [0, 0, 1, 5000.5, Infinity, -3][chance(6)] as number,
      unanswered: [0, 0, 0, 1, 2, 30][chance(6)] as number,
    };
  });
}

/** Nothing, everything, most or a few of a window, and now and then something of before it. */
function setOf(chance: Chance, fromSeq: number, edgeSeq: number): SeqSet {
  const set = new SeqSet(2 * PIECES);
  const ofTen = [0, 10, 9, 5, 1][chance(5)] as number;
  const first = Math.max(0, fromSeq - chance(4));
  for (let seq = first; seq <= edgeSeq; seq++) if (chance(10) < ofTen) set.add(seq);
  return set;
}

function missingOf(chance: Chance, seqs: SeqSet, pieceMs: number): MissingPiece[] {
  const hasReader = chance(3) > 0;
  const missing: MissingPiece[] = [];
  for (let seq = seqs.lowest(); seq >= 0; seq = seqs.nextFrom(seq + 1)) {
    const dueInMs = hasReader ? (missing.length - 3) * pieceMs : Infinity;
    missing.push({ seq, waitedMs: chance(3000), asked: chance(3), failed: chance(4) === 0, dueInMs });
  }
  return missing;
}

/** What a question says, to see whether somebody wrote to it. */
export function snapshotOf(view: OfferView | WantView): string {
  return JSON.stringify(view, (_key, value: unknown) => {
    if (value instanceof SeqSet) return membersOf(value);
    return typeof value === 'number' ? String(value) : value;
  });
}

function membersOf(set: SeqSet): string {
  return `${set.base} ${set.size} ${set.toBitmap(set.base, set.base + set.capacity - 1).bitmap.join()}`;
}

const PIECES = 120;
const NEIGHBOURS = 11;
