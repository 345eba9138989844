/** The laws that any picker keeps to, whatever its policy: the peer carries out what it answers. */
import type { Offer, OfferView, PiecePicker, Want, WantView } from '../picker.js';
import { countedChance, DRAWS_MAX } from './chance.js';
import { offerViewOf, snapshotOf, wantViewOf } from './views.js';

/** A law, and what one question shows against it. */
export interface Law<Asked> {
  readonly title: string;
  /** @returns What is wrong, in a few words; undefined if nothing is. */
  readonly broken: (answers: Asked) => string | undefined;
}

/** What a picker answers to the two questions made from one number, each asked twice. */
export interface Answers {
  readonly offer: Asked<OfferView, Offer | undefined>;
  readonly want: Asked<WantView, readonly Want[]>;
}

interface Asked<View, Answer> {
  readonly view: View;
  readonly before: string;
  readonly after: string;
  readonly answer: Answer | undefined;
  /** The same question asked anew, with the same chance. */
  readonly again: Answer | undefined;
  readonly thrown: string | undefined;
  /** Why the chance that it took is not allowed. */
  readonly chance: string | undefined;
}

export const LAWS: readonly Law<Answers>[] = [
  { title: 'never throws', broken: ({ offer, want }) => offer.thrown ?? want.thrown },
  {
    title: 'offers only what is offerable, in the window, wanted by and unknown to a neighbour of the view',
    broken: ({ offer: { view, answer } }) => answer && wrongOffer(view, answer),
  },
  { title: 'makes an offer when there is an obvious one', broken: ({ offer }) => missedOffer(offer) },
  {
    title: 'asks for what is missing only, of neighbours in the view, of each once at most',
    broken: ({ want }) => wrongWants(want),
  },
  {
    title: 'same view, same chance ⇒ same answer',
    broken: ({ offer, want }) =>
      written([offer.answer]) === written([offer.again]) && written(want.answer) === written(want.again)
        ? undefined
        : `${written([offer.answer])} then ${written([offer.again])}; wants ${written(want.answer)} then ${written(want.again)}`,
  },
  {
    title: 'writes nothing to the view',
    broken: ({ offer, want }) =>
      offer.before === offer.after && want.before === want.after ? undefined : 'the view was changed',
  },
  {
    title: `takes all chance from random, whole numbers from 1 on, ${DRAWS_MAX} times at most`,
    broken: ({ offer, want }) => offer.chance ?? want.chance,
  },
];

/** Asks a picker both questions that a number makes. */
export function answersOf(picker: PiecePicker, seed: number): Answers {
  return {
    offer: ask(offerViewOf, (view) => picker.offer(view), seed),
    want: ask(wantViewOf, (view) => picker.want(view), seed),
  };
}

function ask<View extends OfferView | WantView, Answer>(
  viewOf: (seed: number, random: (below: number) => number) => View,
  answerTo: (view: View) => Answer,
  seed: number,
): Asked<View, Answer> {
  const chance = countedChance(seed);
  const view = viewOf(seed, chance.random);
  const before = snapshotOf(view);
  let answer: Answer | undefined;
  let again: Answer | undefined;
  let thrown: string | undefined;
  try {
    answer = answerTo(view);
    again = answerTo(viewOf(seed, countedChance(seed).random));
  } catch (error) {
    if (chance.fault() === undefined) thrown = String(error);
  }
  return { view, before, after: snapshotOf(view), answer, again, thrown, chance: chance.fault() };
}

function wrongOffer(view: OfferView, { neighbour, seq }: Offer): string | undefined {
  const what = `${seq} to neighbour ${neighbour?.id}`;
  if (!view.neighbours.includes(neighbour)) return `${what}: it is not in the view`;
  if (!view.offerable.has(seq)) return `${what}: it is not offerable`;
  if (seq < view.fromSeq || seq > view.edgeSeq) return `${what}: outside of ${view.fromSeq}…${view.edgeSeq}`;
  if (seq < neighbour.startSeq) return `${what}: it wants pieces from ${neighbour.startSeq} on`;
  return neighbour.known.has(seq) ? `${what}: it knows that piece` : undefined;
}

/** The newest piece, here, wanted by somebody who answers, and unknown to all: no policy has a reason to keep it. */
function missedOffer({ view, answer, thrown, chance }: Answers['offer']): string | undefined {
  if (answer !== undefined || thrown !== undefined || chance !== undefined) return undefined;
  const { edgeSeq, neighbours, offerable } = view;
  if (!offerable.has(edgeSeq) || neighbours.some(({ known }) => known.has(edgeSeq))) return undefined;
  const lacker = neighbours.find(({ startSeq, unanswered }) => startSeq <= edgeSeq && unanswered === 0);
  return lacker && `nothing, though neighbour ${lacker.id} lacks ${edgeSeq}, and so does everybody`;
}

function wrongWants({ view, answer, thrown, chance }: Answers['want']): string | undefined {
  if (thrown !== undefined || chance !== undefined) return undefined;
  if (!Array.isArray(answer)) return `want() answered ${String(answer)}: expected an array`;
  const asked = new Set<string>();
  for (const { neighbour, seq } of answer as readonly Want[]) {
    const what = `${seq} of neighbour ${neighbour?.id}`;
    if (!view.neighbours.includes(neighbour)) return `${what}: it is not in the view`;
    if (!view.missing.some((piece) => piece.seq === seq)) return `${what}: the piece is not missing`;
    if (asked.has(what)) return `${what}: twice`;
    asked.add(what);
  }
  return undefined;
}

function written(answers: readonly (Offer | Want | undefined)[] | undefined): string {
  const all = Array.isArray(answers) ? (answers as readonly (Offer | Want | undefined)[]) : [];
  return all.map((each) => (each ? `${each.seq}→${each.neighbour?.id}` : 'nothing')).join(' ') || 'nothing';
}
