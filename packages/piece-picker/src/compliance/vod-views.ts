/** On-demand questions made from a number: the same number, the same question. */
import type { VodNeighbourView, VodReaderView, VodView } from '../vod/vod-picker.js';
import { createChance } from './chance.js';

type Chance = (below: number) => number;

/** A torrent of up to 160 pieces, the neighbour that is asked, and up to two readers. */
export interface VodQuestion {
  readonly view: VodView;
  readonly neighbour: VodNeighbourView;
}

export function vodQuestionOf(seed: number, random: Chance): VodQuestion {
  const chance = createChance(seed);
  const pieces = 1 + chance(PIECES_MAX);
  const open = marks(chance, pieces);
  const neighbour = { id: chance(1000), held: marks(chance, pieces), bytesPerSecond: rate(chance) };
  const availability = Uint16Array.from(neighbour.held, (held) => held + chance(6));
  return { view: viewOf(chance, open, availability, random), neighbour };
}

/** A torrent far too large to look at all of it, with nothing to choose, one piece, some or everything. */
export function largeQuestionOf(seed: number, random: Chance): VodQuestion {
  const chance = createChance(seed);
  const share = [0, 2, PIECES_LARGE][chance(3)] as number;
  const open = new Uint8Array(PIECES_LARGE).fill(share === PIECES_LARGE ? 1 : 0);
  if (share === 2) for (let i = 0; i < 2; i++) open[chance(PIECES_LARGE)] = 1;
  const held = new Uint8Array(PIECES_LARGE);
  const step = 1 + chance(3);
  for (let piece = 0; piece < PIECES_LARGE; piece += step) held[piece] = 1;
  const neighbour = { id: 1, held, bytesPerSecond: rate(chance) };
  return { view: viewOf(chance, open, new Uint16Array(held), random), neighbour };
}

function viewOf(chance: Chance, open: Uint8Array, availability: Uint16Array, random: Chance): VodView {
  const pieces = open.length;
  const openPieces = open.reduce((sum, isOpen) => sum + isOpen, 0);
  return {
    pieces,
    pieceBytes: 16_384 << chance(8),
    open,
    openPieces,
    heldPieces: chance(pieces - openPieces + 1),
    availability,
    readers: Array.from({ length: [0, 1, 1, 1, 2][chance(5)] as number }, () => readerOf(chance, pieces)),
    bytesPerSecond: rate(chance),
    random,
  };
}

function readerOf(chance: Chance, pieces: number): VodReaderView {
  const fromPiece = chance(pieces);
  return {
    fromPiece,
    toPiece: fromPiece + chance(pieces - fromPiece),
    playing: chance(2) === 0,
    bytesPerSecond: [0, 1, 62_500, 125_000.5, 1e7][chance(5)] as number,
    dueInMs: [0, 0, 500, 4000, 60_000][chance(5)] as number,
  };
}

/** 1 for nothing, everything, most or a few of the pieces. */
function marks(chance: Chance, pieces: number): Uint8Array {
  const ofTen = [0, 10, 9, 5, 1][chance(5)] as number;
  return Uint8Array.from({ length: pieces }, () => (chance(10) < ofTen ? 1 : 0));
}

function rate(chance: Chance): number {
  return [0, 1000, 62_500, 99_999.9, 1e8][chance(5)] as number;
}

/** What a question says, to see whether somebody wrote to it. */
export function vodSnapshotOf({ view, neighbour }: VodQuestion): string {
  const { open, availability, readers, random: _, ...rest } = view;
  return [open, availability, neighbour.held, JSON.stringify([rest, readers, neighbour.id])].join(';');
}

/**
 * The same question with its arrays watched: each element that is read counts one, `indexOf` nothing, as it passes over a piece in a
 * nanosecond; what else goes over an array counts as many as it has.
 */
export function watchedQuestion(question: VodQuestion): { question: VodQuestion; looks: () => number } {
  let looks = 0;
  const watch = <A extends Uint8Array | Uint16Array>(array: A): A =>
    new Proxy(array, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) {
          looks++;
          return target[Number(key)];
        }
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key !== 'indexOf') looks += target.length;
        return value.bind(target) as unknown;
      },
    });
  const { view, neighbour } = question;
  const watched = { ...view, open: watch(view.open), availability: watch(view.availability) };
  return { question: { view: watched, neighbour: { ...neighbour, held: watch(neighbour.held) } }, looks: () => looks };
}

const PIECES_MAX = 160;
const PIECES_LARGE = 100_000;
