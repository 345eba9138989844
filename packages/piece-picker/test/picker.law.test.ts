/** What any picker has to keep to, whatever its policy: the peer carries out what it answers. */
import { SeqSet } from '@tstream/sliding-window';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NeighbourView, type OfferView, type PiecePicker, pickers } from '../src/index.js';
import { missingPiece } from './tables.js';

const PIECES = 80;
const all: [string, PiecePicker][] = Object.entries(pickers);

const seqs = fc.uniqueArray(fc.integer({ min: 0, max: PIECES - 1 }), { maxLength: PIECES });
const neighbour = fc.record({
  known: seqs,
  held: seqs,
  startSeq: fc.oneof(fc.integer({ min: 0, max: PIECES }), fc.constant(Infinity)),
  rank: fc.integer({ min: 0, max: 3 }),
  unanswered: fc.integer({ min: 0, max: 3 }),
  wantedSeq: fc.integer({ min: -1, max: PIECES }),
});
const question = fc.record({
  origin: fc.boolean(),
  offerable: seqs,
  fromSeq: fc.integer({ min: 0, max: PIECES - 1 }),
  neighbours: fc.array(neighbour, { maxLength: 6 }),
  draws: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

function viewOf({ origin, offerable, fromSeq, neighbours, draws }: Question): OfferView {
  let drawn = 0;
  return {
    origin,
    offerable: setOf(offerable),
    fromSeq,
    edgeSeq: PIECES - 1,
    neighbours: neighbours.map(({ known, held, ...rest }, id) => ({
      id,
      known: setOf([...known, ...held]),
      held: setOf(held),
      ...rest,
    })),
    random: (below) => (draws[drawn++ % draws.length] ?? 0) % below,
  };
}

function setOf(numbers: readonly number[]): SeqSet {
  const set = new SeqSet(128);
  for (const seq of numbers) set.add(seq);
  return set;
}

/** All that there is to offer: who lacks what of that which is offerable, valid and wanted. */
function lacking({ neighbours, offerable, fromSeq, edgeSeq }: OfferView): string[] {
  const all: string[] = [];
  for (const { id, startSeq, known } of neighbours) {
    for (let seq = Math.max(fromSeq, startSeq); seq <= edgeSeq; seq++)
      if (offerable.has(seq) && !known.has(seq)) all.push(`${id}/${seq}`);
  }
  return all;
}

describe.each(all)('%s', (_, picker) => {
  test('an offer ⇒ offerable, valid, wanted and unknown to that neighbour', () => {
    fc.assert(
      fc.property(question, (drawn) => {
        const view = viewOf(drawn);
        const offer = picker.offer(view);
        if (offer) expect(lacking(view)).toContain(`${offer.neighbour.id}/${offer.seq}`);
      }),
    );
  });

  test('same question, same chance ⇒ same answer, and nothing written', () => {
    fc.assert(
      fc.property(question, (drawn) => {
        const [one, other] = [viewOf(drawn), viewOf(drawn)];
        const before = snapshot(one);
        expect(written(picker, one)).toBe(written(picker, other));
        expect(snapshot(one)).toBe(before);
      }),
    );
  });

  test('offers made one after the other come to an end, and no viewer is left with something that it lacks', () => {
    fc.assert(
      fc.property(question, (drawn) => {
        const view = viewOf({
          ...drawn,
          origin: false,
          neighbours: drawn.neighbours.map((each) => ({ ...each, unanswered: 0 })),
        });
        const count = lacking(view).length;
        let made = 0;
        for (let offer = picker.offer(view); offer; offer = picker.offer(view)) {
          offer.neighbour.known.add(offer.seq);
          made++;
        }
        expect(made).toBe(count);
        expect(lacking(view)).toEqual([]);
      }),
    );
  });

  test('wants ⊆ what is missing, asked of neighbours', () => {
    fc.assert(
      fc.property(question, fc.boolean(), seqs, fc.integer({ min: 0, max: 2000 }), (drawn, joining, lost, waitedMs) => {
        const { neighbours, random } = viewOf(drawn);
        const missing = [...lost]
          .sort((a, b) => a - b)
          .map((seq, i) => missingPiece(seq, { waitedMs, asked: i % 3, failed: i % 4 === 0, dueInMs: 100 * i - 500 }));
        for (const want of picker.want({ missing, neighbours, pieceMs: 150, rttMs: 50, joining, random })) {
          expect(lost).toContain(want.seq);
          expect(neighbours).toContain(want.neighbour);
        }
      }),
    );
  });
});

function written(picker: PiecePicker, view: OfferView): string {
  const offer = picker.offer(view);
  return offer ? `${offer.neighbour.id}/${offer.seq}` : 'nothing';
}

function snapshot({ offerable, neighbours }: OfferView): string {
  const sets = (view: NeighbourView) => [view.known, view.held];
  return [offerable, ...neighbours.flatMap(sets)].map((set) => set.toBitmap(0, PIECES).bitmap.join()).join(' ');
}
