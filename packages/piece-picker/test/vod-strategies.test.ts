/** What tells each strategy for on-demand pieces from the others. */
import { describe, expect, test } from 'vitest';
import {
  SCAN_PIECES_MAX,
  type VodNeighbourView,
  type VodPicker,
  type VodReaderView,
  type VodView,
  vodBitos,
  vodDeadline,
  vodGiveToGet2008,
  vodInOrder,
  vodPickers,
  vodRandom,
  vodRarestFirst,
} from '../src/index.js';

/** One column a piece: `*` is open, and under it how many hold it. The neighbour that is asked holds all but `0`. */
function question(open: string, availability: string, some: Partial<VodView> = {}): [VodView, VodNeighbourView] {
  const holders = Uint16Array.from(availability, Number);
  const isOpen = Uint8Array.from(open, (mark) => (mark === '*' ? 1 : 0));
  const view: VodView = {
    pieces: open.length,
    pieceBytes: 62_500,
    open: isOpen,
    openPieces: isOpen.filter(Boolean).length,
    heldPieces: 100,
    availability: holders,
    readers: [],
    bytesPerSecond: 125_000,
    random: () => 0,
    ...some,
  };
  return [view, { id: 1, held: Uint8Array.from(holders, (count) => (count > 0 ? 1 : 0)), bytesPerSecond: 62_500 }];
}

/** It plays from a piece on, at one piece a second. */
function reader(fromPiece: number, some: Partial<VodReaderView> = {}): VodReaderView {
  return { fromPiece, toPiece: 999, playing: true, bytesPerSecond: 62_500, dueInMs: 0, ...some };
}

const chosen = (picker: VodPicker, ...asked: Parameters<typeof question>) => picker.choose(...question(...asked));

describe('in order', () => {
  test('the next piece that the neighbour holds, from the reader’s place on', () => {
    expect(chosen(vodInOrder, '******', '222022', { readers: [reader(3)] })).toBe(4);
  });

  test('what was left out before, at the end', () => {
    expect(chosen(vodInOrder, '**....', '022222', { readers: [reader(3)] })).toBe(1);
  });
});

describe('rarest first', () => {
  test('what fewest hold, whoever reads', () => {
    expect(chosen(vodRarestFirst, '******', '433233', { readers: [reader(0)] })).toBe(3);
  });

  test('the first pieces by chance', () => {
    const some = { heldPieces: 3, random: (below: number) => below - 1 };
    expect(chosen(vodRarestFirst, '******', '433233', some)).toBe(5);
  });
});

test('random: each that may be chosen is drawn from', () => {
  const drawn = [0, 1, 2].map((draw) => chosen(vodRandom, '*.**.*', '110111', { random: () => draw }));
  expect(drawn).toEqual([0, 3, 5]);
});

describe('BiToS', () => {
  const open = '*'.repeat(20);

  test('in eight of ten cases the rarest of the 16 next, else of the rest', () => {
    const asked = (draw: number) =>
      chosen(vodBitos, open, '33333332333333333313', { random: (below) => (below === 10 ? draw : 0) });
    expect([0, 7, 8, 9].map(asked)).toEqual([7, 7, 18, 18]);
  });

  test('the other set where one has nothing', () => {
    expect(chosen(vodBitos, open, '00000000000000000012', { random: () => 0 })).toBe(18);
  });
});

describe('Give-to-Get 2008', () => {
  const open = '*'.repeat(80);
  const rareAt = (...rare: number[]) => Array.from(open, (_, i) => (rare.includes(i) ? 1 : 3)).join('');

  test('while playing, ten seconds in order', () => {
    expect(chosen(vodGiveToGet2008, open, rareAt(9), { readers: [reader(5)] })).toBe(5);
  });

  test('before, ten seconds the rarest first', () => {
    expect(chosen(vodGiveToGet2008, open, rareAt(9, 17), { readers: [reader(5, { playing: false })] })).toBe(9);
  });

  test('then forty seconds the rarest first, then all the rest', () => {
    const without = (to: number) => '.'.repeat(to) + open.slice(to);
    expect(chosen(vodGiveToGet2008, without(15), rareAt(54, 55), { readers: [reader(5)] })).toBe(54);
    expect(chosen(vodGiveToGet2008, without(55), rareAt(60), { readers: [reader(5)] })).toBe(60);
  });
});

describe('the default', () => {
  const open = '*'.repeat(90);
  const heldBy = (usual: number, other: Readonly<Record<number, number>>) =>
    Array.from(open, (_, i) => other[i] ?? usual).join('');
  /** As much comes in as is played. */
  const scarce = { bytesPerSecond: 62_500 };

  test('what is due within fifteen seconds, in order', () => {
    expect(chosen(vodDeadline, open, heldBy(3, { 7: 2, 40: 2 }), { ...scarce, readers: [reader(5)] })).toBe(5);
  });

  test('before it plays, the rarest of the first fifteen seconds', () => {
    const readers = [reader(5, { playing: false })];
    expect(chosen(vodDeadline, open, heldBy(3, { 19: 2, 20: 1 }), { ...scarce, readers })).toBe(19);
  });

  test('before it plays, nothing behind what it reads, while that isn’t there', () => {
    for (const heldPieces of [0, 100]) {
      const view = { ...scarce, heldPieces, readers: [reader(5, { playing: false, toPiece: 7 })] };
      expect(chosen(vodDeadline, open, heldBy(3, { 8: 1, 40: 1 }), view)).toBeLessThanOrEqual(7);
    }
  });

  test('with less than 1.5 s held, or of unknown bitrate, the rarest of the first five seconds, then thirty in order', () => {
    const asked = (heldPieces: number, from: number, bytesPerSecond = 62_500) => {
      const view = { ...scarce, heldPieces, readers: [reader(5, { playing: false, toPiece: 60, bytesPerSecond })] };
      return chosen(vodDeadline, '.'.repeat(from) + open.slice(from), heldBy(3, { 9: 2, 15: 1, 40: 1 }), view);
    };
    expect([asked(1, 5), asked(2, 5)]).toEqual([9, 15]);
    expect([asked(1, 10), asked(1, 35)]).toEqual([10, 58]);
    expect([asked(100, 5, 0), asked(100, 10, 0)]).toEqual([9, 10]);
  });

  test('before it plays, the first thirty seconds in order while nothing came, or a fifth more comes in than it takes', () => {
    const asked = (bytesPerSecond: number, takes = 62_500) => {
      const readers = [reader(5, { playing: false, bytesPerSecond: takes })];
      return chosen(vodDeadline, open, heldBy(3, { 9: 2 }), { bytesPerSecond, readers });
    };
    expect([0, 74_999, 75_000].map((speed) => asked(speed))).toEqual([5, 9, 5]);
    const later = (from: number) =>
      chosen(vodDeadline, '.'.repeat(from) + open.slice(from), heldBy(3, { 40: 1 }), {
        bytesPerSecond: 93_749,
        readers: [reader(5, { playing: false, toPiece: 60 })],
      });
    expect([later(34), later(35)]).toEqual([34, 58]);
    // Nobody knows how much it takes.
    expect([asked(0, 0), asked(75_000, 0)]).toEqual([5, 9]);
  });

  test('with a fifth to spare what is due within thirty seconds, in order, whoever else holds it', () => {
    const asked = (bytesPerSecond: number, from: number, some: Partial<VodReaderView> = {}) => {
      const marks = '.'.repeat(from) + open.slice(from);
      const view = { bytesPerSecond, readers: [reader(5, some)], random: (below: number) => below - 1 };
      return chosen(vodDeadline, marks, heldBy(3, { 40: 1 }), view);
    };
    expect([asked(74_999, 34), asked(75_000, 34), asked(75_000, 35)]).toEqual([40, 34, 40]);
    expect([74_999, 75_000].map((speed) => asked(speed, 5, { dueInMs: 4000 }))).toEqual([40, 5]);
  });

  test('with half as much again as it takes all in order', () => {
    for (const playing of [true, false]) {
      const asked = (bytesPerSecond: number) => {
        const view = { bytesPerSecond, readers: [reader(5, { playing })] };
        return chosen(vodDeadline, '.'.repeat(50) + open.slice(50), heldBy(3, { 60: 1 }), view);
      };
      expect([93_749, 93_750].map((speed) => asked(speed))).toEqual([60, 50]);
    }
  });

  test('with four seconds ahead, every other time a piece that this neighbour alone holds', () => {
    const asked = (dueInMs: number, draw: number, usual = 3) => {
      const random = (below: number) => (below === 2 ? draw : 0);
      const some = { ...scarce, readers: [reader(5, { dueInMs })], random };
      return chosen(vodDeadline, open, heldBy(usual, { 70: 1 }), some);
    };
    expect([asked(4000, 0), asked(4000, 1)]).toEqual([5, 70]);
    // Not while it is in need, nor if the neighbour alone holds the urgent one, too.
    expect([asked(3999, 1), asked(4000, 1, 1)]).toEqual([5, 5]);
  });

  test('with fifteen seconds ahead the rarest of the next thirty, then of all', () => {
    const view = { ...scarce, readers: [reader(5, { dueInMs: 15_000 })] };
    const rare = heldBy(5, { 20: 3, 80: 2 });
    expect(chosen(vodDeadline, `.......${open.slice(7)}`, rare, view)).toBe(20);
    expect(chosen(vodDeadline, '.'.repeat(37) + open.slice(37), rare, view)).toBe(80);
  });

  test('the last 64 KiB of what it reads as soon as four seconds are ahead, or nothing is urgent', () => {
    const end = { toPiece: 89 };
    const asked = (some: Partial<VodReaderView>, marks = open) =>
      chosen(vodDeadline, marks, heldBy(3, {}), { bytesPerSecond: 75_000, readers: [reader(5, { ...end, ...some })] });
    expect([asked({ dueInMs: 3999 }), asked({ dueInMs: 4000 })]).toEqual([5, 87]);
    expect(asked({}, `${'.'.repeat(50)}${open.slice(50)}`)).toBe(87);
    expect(asked({ playing: false }, `${'.'.repeat(35)}${open.slice(35)}`)).toBe(87);
    expect(asked({ dueInMs: 4000 }, `${open.slice(0, 87)}...`)).toBe(5);
  });

  test('of a slow neighbour only what it brings in time', () => {
    const [view, neighbour] = question(open, heldBy(3, {}), { readers: [reader(5, { dueInMs: 2000 })] });
    const fast = { ...view, bytesPerSecond: 625_000 };
    expect(vodDeadline.choose(fast, { ...neighbour, bytesPerSecond: 12_500 })).toBe(5 + 3);
    expect(vodDeadline.choose(fast, { ...neighbour, bytesPerSecond: 62_500 })).toBe(5);
  });

  test('without a reader the rarest, the first pieces by chance', () => {
    expect(chosen(vodDeadline, '******', '433233')).toBe(3);
    expect(chosen(vodDeadline, '******', '433233', { heldPieces: 0, random: () => 5 })).toBe(5);
  });
});

describe.each(Object.entries(vodPickers))('%s in a torrent of two million pieces', (_name, picker) => {
  const pieces = 2_000_000;
  const open = new Uint8Array(pieces);
  const held = new Uint8Array(pieces).fill(1);
  const view = { ...question('', '')[0], pieces, open, openPieces: 1, availability: new Uint16Array(pieces).fill(1) };

  test('finds the last piece', () => {
    open[1_234_567] = 1;
    expect(picker.choose(view, { id: 1, held, bytesPerSecond: 1 })).toBe(1_234_567);
    open[1_234_567] = 0;
  });

  test(`draws ${SCAN_PIECES_MAX} of them at most`, () => {
    const draws: number[] = [];
    const random = (below: number) => {
      draws.push(below);
      return 0;
    };
    picker.choose({ ...view, open: held, openPieces: pieces, random }, { id: 1, held, bytesPerSecond: 1 });
    expect(draws.filter((below) => below > SCAN_PIECES_MAX && below !== pieces)).toEqual([]);
  });
});
