/** The laws that any picker of on-demand pieces keeps to, whatever its policy. */
import { SCAN_PIECES_MAX, type VodPicker } from '../vod/vod-picker.js';
import { countedChance, createChance, DRAWS_MAX } from './chance.js';
import type { Law } from './laws.js';
import { largeQuestionOf, type VodQuestion, vodQuestionOf, vodSnapshotOf, watchedQuestion } from './vod-views.js';

/** What a picker answers to the question made from one number, asked twice; to one about a large torrent; and how a download ends. */
export interface VodAnswers {
  readonly question: VodQuestion;
  readonly before: string;
  readonly after: string;
  readonly answer: number;
  /** The same question asked anew, with the same chance. */
  readonly again: number;
  readonly thrown: string | undefined;
  /** Why the chance that it took is not allowed. */
  readonly chance: string | undefined;
  /** How many elements of arrays it read for an answer about a large torrent. */
  readonly looks: number;
  /** Pieces left over when nobody was asked for anything any more. */
  readonly leftOver: number;
}

/** Three arrays, each gone over a few times. */
const LOOKS_MAX = 16 * SCAN_PIECES_MAX;

export const VOD_LAWS: readonly Law<VodAnswers>[] = [
  { title: 'never throws', broken: ({ thrown }) => thrown },
  { title: 'chooses only what is open and held by the neighbour, or −1', broken: wrongChoice },
  {
    title: 'same view, same chance ⇒ same answer',
    broken: ({ answer, again }) => (answer === again ? undefined : `${answer} then ${again}`),
  },
  {
    title: 'writes nothing to the view',
    broken: ({ before, after }) => (before === after ? undefined : 'the view was changed'),
  },
  {
    title: `takes all chance from random, whole numbers from 1 on, ${DRAWS_MAX} times at most`,
    broken: ({ chance }) => chance,
  },
  {
    title: `looks at ${LOOKS_MAX} elements at most, however large the torrent`,
    broken: ({ looks }) => (looks > LOOKS_MAX ? `looked at ${looks} elements` : undefined),
  },
  {
    title: 'downloads everything that neighbours hold',
    broken: ({ leftOver }) => (leftOver > 0 ? `asks nobody for ${leftOver} of the pieces` : undefined),
  },
];

export function vodAnswersOf(picker: VodPicker, seed: number): VodAnswers {
  const chance = countedChance(seed);
  const question = vodQuestionOf(seed, chance.random);
  const before = vodSnapshotOf(question);
  const answers = { answer: -1, again: -1, looks: 0, leftOver: 0 };
  let thrown: string | undefined;
  try {
    answers.answer = picker.choose(question.view, question.neighbour);
    const anew = vodQuestionOf(seed, countedChance(seed).random);
    answers.again = picker.choose(anew.view, anew.neighbour);
    answers.looks = looksOf(picker, seed);
    answers.leftOver = leftOverOf(picker, seed);
  } catch (error) {
    if (chance.fault() === undefined) thrown = String(error);
  }
  return { question, before, after: vodSnapshotOf(question), ...answers, thrown, chance: chance.fault() };
}

function wrongChoice({ question: { view, neighbour }, answer, thrown, chance }: VodAnswers): string | undefined {
  if (thrown !== undefined || chance !== undefined || answer === -1) return undefined;
  if (view.open[answer] !== 1) return `${answer}: it is not open`;
  return neighbour.held[answer] === 1 ? undefined : `${answer}: the neighbour doesn't hold it`;
}

/** Few of the questions are about a large torrent: these take long. */
function looksOf(picker: VodPicker, seed: number): number {
  if (seed % LARGE_EVERY !== 0) return 0;
  const { question, looks } = watchedQuestion(largeQuestionOf(seed, createChance(seed)));
  picker.choose(question.view, question.neighbour);
  return looks();
}

/** Asks three neighbours in turn, of which one holds everything; what they are asked for is held, until none of them is asked. */
function leftOverOf(picker: VodPicker, seed: number): number {
  const { view, neighbour } = vodQuestionOf(seed, createChance(seed));
  const open = view.open.slice();
  const all = { id: neighbour.id + 1, held: new Uint8Array(view.pieces).fill(1), bytesPerSecond: 20_000 };
  const neighbours = [neighbour, all, { ...neighbour, id: neighbour.id + 2, bytesPerSecond: 1e6 }];
  let { openPieces, heldPieces } = view;
  for (let idle = 0; idle < neighbours.length && openPieces > 0; ) {
    idle = neighbours.length;
    for (const asked of neighbours) {
      const piece = picker.choose({ ...view, open, openPieces, heldPieces }, asked);
      if (open[piece] !== 1) continue;
      open[piece] = 0;
      openPieces--;
      heldPieces++;
      idle = 0;
    }
  }
  return openPieces;
}

const LARGE_EVERY = 25;
