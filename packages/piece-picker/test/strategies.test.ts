/** What tells each strategy from the others. */
import { describe, expect, test } from 'vitest';
import {
  bitos,
  deadline,
  giveToGet2008,
  inOrder,
  type PiecePicker,
  random,
  rarestFirst,
  swarmplayerLive,
} from '../src/index.js';
import { missingPiece, offerOf, offersOf, wantsOf } from './tables.js';

const PULLED: [string, PiecePicker][] = [
  ['in-order', inOrder],
  ['rarest-first', rarestFirst],
  ['random', random],
  ['bitos', bitos],
  ['give-to-get-2008', giveToGet2008],
  ['swarmplayer-live', swarmplayerLive],
];

/** A run of equal columns. */
const times = (count: number, mark: string) => mark.repeat(count);

/** All pieces that are missing here, for one who is joining. */
function asked(picker: PiecePicker, table: string, dueInMs: readonly number[], draw = 0): string {
  const missing = dueInMs.map((due, seq) => missingPiece(seq, { asked: 0, dueInMs: due }));
  return wantsOf(picker, table, { missing, pieceMs: 150, joining: true, random: (below) => draw % below });
}

describe.each(PULLED)('%s serves as if it were pulled from', (_name, picker) => {
  const table = `
    here  #
    A     . 1
    B     . 5
    C     . 3
    D     . 4
    E     . 2
  `;

  test('one of the four best ranked, each as likely', () => {
    const drawn = [0, 1, 2, 3].map((slot) => offerOf(picker, table, { random: (below) => (below === 4 ? slot : 0) }));
    expect(drawn).toEqual(['B0', 'D0', 'C0', 'E0']);
  });

  test('nobody who has left two offers unanswered', () => {
    expect(
      offersOf(
        picker,
        `
        here  #
        A     . 9 2
        B     . 0 1
      `,
      ),
    ).toBe('B0');
  });

  test('a joiner asks at once, one of those who hold a piece', () => {
    const holders = `
      A     .
      B     #
      C     #
    `;
    expect(asked(picker, holders, [0])).toBe('B0');
    expect(asked(picker, holders, [0], 1)).toBe('C0');
  });

  test('what failed is asked of everybody, after five pieces’ time', () => {
    const ask = (waitedMs: number) => {
      const missing = [missingPiece(0, { failed: true, waitedMs })];
      return wantsOf(picker, 'A .\nB #', { missing, pieceMs: 150, joining: false });
    };
    expect(ask(749)).toBe('');
    expect(ask(750)).toBe('A0 B0');
  });
});

test('no more is asked for than is carried out', () => {
  const missing = Array.from({ length: 100 }, (_, seq) => missingPiece(seq));
  const wants = wantsOf(inOrder, `A ${times(100, '#')}`, { missing, pieceMs: 150, joining: false });
  expect(wants.split(' ').length).toBe(64);
});

describe('in order', () => {
  test('the oldest first, however rare the others are', () => {
    const table = `
      here  ####
      A     .#..
      B     ##..
    `;
    expect(offersOf(inOrder, table)).toBe('A0 A2 A3 B2 B3');
    expect(asked(inOrder, 'A .#\nB ##', [0, 150])).toBe('B0 A1');
  });
});

describe('rarest first', () => {
  const table = `
    here  ####
    A     ....
    B     ###.
    C     ##.#
    D     #..#
  `;

  test('what fewest hold', () => {
    expect(offersOf(rarestFirst, table).split(' ').slice(0, 4)).toEqual(['A2', 'A1', 'A3', 'A0']);
  });

  test('of equals one by chance', () => {
    expect(offerOf(rarestFirst, 'here ###\nA ...', { random: (below) => (below === 3 ? 1 : 0) })).toBe('A1');
  });

  test('what is only on its way to others is as rare as before', () => {
    expect(offerOf(rarestFirst, 'here ##\nA ..\nB +.\nC .#')).toBe('A0');
  });

  test('what is asked for, too', () => {
    expect(asked(rarestFirst, 'A ##\nB #.', [0, 150])).toBe('A1 A0');
  });
});

describe('random', () => {
  test('any piece that the other lacks', () => {
    const table = 'here ####\nA #...';
    const drawn = [0, 1, 2].map((piece) => offerOf(random, table, { random: (below) => (below === 3 ? piece : 0) }));
    expect(drawn).toEqual(['A1', 'A2', 'A3']);
  });

  test('asks in an order by chance', () => {
    expect(asked(random, 'A ###', [0, 150, 300])).toBe('A1 A2 A0');
  });
});

describe('BiToS', () => {
  /** 16 pieces that are next, and three beyond, which nobody else holds. */
  const table = `
    here  ${times(19, '#')}
    A     ${times(19, '.')}
    B     ${times(15, '#')}....
  `;
  const draw = (ofTen: number) => (below: number) => (below === 10 ? ofTen : 0);

  test('in eight of ten cases the rarest of the 16 that are next, else the rarest of the rest', () => {
    expect([0, 7, 8, 9].map((ofTen) => offerOf(bitos, table, { random: draw(ofTen) }))).toEqual([
      'A15',
      'A15',
      'A16',
      'A16',
    ]);
  });

  test('the next piece enters the set when one has come', () => {
    const later = table.replace('A     .', 'A     #').replace('here  #', 'here  .');
    expect(offerOf(bitos, later.replace(/B .*/, `B     ${times(16, '#')}...`), { random: draw(0) })).toBe('A16');
  });

  test('with nothing beyond the set there is nothing to draw', () => {
    expect(offerOf(bitos, 'here ##\nA ..', { random: draw(9) })).toBe('A0');
  });

  test('asks by the same chance', () => {
    const due = Array.from({ length: 17 }, (_, seq) => seq * 150);
    const wants = (ofTen: number) => {
      const missing = due.map((dueInMs, seq) => missingPiece(seq, { asked: 0, dueInMs }));
      return wantsOf(bitos, `A ${times(17, '#')}`, { missing, pieceMs: 150, joining: true, random: draw(ofTen) });
    };
    expect(wants(9)).toMatch(/^A16 A0 A1 /);
    expect(wants(0)).toMatch(/^A0 A1 .* A15 A16$/);
  });
});

describe('Give-to-Get 2008', () => {
  test('before it plays, the rarest of the high-priority set', () => {
    expect(offerOf(giveToGet2008, 'here ####\nA ....\nB ###.')).toBe('A3');
  });

  test('while it plays, the high-priority set in order', () => {
    const had = times(67, '#');
    expect(offerOf(giveToGet2008, `here ${had}###\nA ${had}...\nB ${had}##.`)).toBe('A67');
  });

  test('then the rarest of four times as many, then the rarest of the rest', () => {
    const here = `${times(67, '.')}##${times(335 - 69, '.')}#`;
    const table = `
      here  ${here}
      A     ${times(336, '.')}
      B     ${times(67, '.')}##${times(335 - 69, '.')}.
      C     ${times(67, '.')}#.
    `;
    expect(offersOf(giveToGet2008, table).split(' ').slice(0, 3)).toEqual(['A68', 'A67', 'A335']);
  });

  test('asks for the sets one after the other, by when pieces are due', () => {
    const table = 'A ######\nB ##.#.#\nC #....#';
    const due = [0, 9999, 10_000, 49_999, 50_000, Infinity];
    expect(wantsOf(giveToGet2008, table, { ...asking(due), joining: false })).toBe('A0 A1 A2 A3 A4 A5');
    expect(wantsOf(giveToGet2008, table, { ...asking(due), joining: true })).toBe('A1 A0 A2 A3 A4 A5');
  });

  test('the high-priority set is five pieces at least', () => {
    const due = [0, 3000, 6000, 9000, 12_000, 15_000];
    expect(wantsOf(giveToGet2008, 'A ######\nB ####..', { ...asking(due), pieceMs: 3000, joining: false })).toBe(
      'A0 A1 A2 A3 A4 A5',
    );
    expect(wantsOf(giveToGet2008, 'A ######\nB ####..', { ...asking(due), pieceMs: 2000, joining: false })).toBe(
      'A0 A1 A2 A3 A4 A5',
    );
  });

  function asking(due: readonly number[]) {
    return { missing: due.map((dueInMs, seq) => missingPiece(seq, { dueInMs, waitedMs: 60_000 })), pieceMs: 150 };
  }
});

describe('SwarmPlayer live', () => {
  const edge = times(30, '#');
  const table = (third: string) => `
    here  ${times(100, '#')}
    A     ${times(100, '.')}
    B     ${times(70, '.')}${edge}
    C     ${third}
  `;

  test('the rarest of the window that begins ten seconds behind what half of the neighbours hold', () => {
    expect(offerOf(swarmplayerLive, table(`${times(70, '.')}${edge}`))).toBe('A32');
  });

  test('anything at all when one neighbour alone is that far', () => {
    expect(offerOf(swarmplayerLive, table(times(100, '.')))).toBe('A0');
  });

  test('what lies before the window when nothing is lacking in it', () => {
    const full = `${times(30, '.')}${times(70, '#')}`;
    expect(offerOf(swarmplayerLive, `here ${times(100, '#')}\nA ${full}\nB ${full}`)).toBe('A0');
  });

  test('is blind to what is due', () => {
    expect(asked(swarmplayerLive, 'A ##\nB #.', [0, Infinity])).toBe('A1 A0');
  });
});

describe('deadline-aware', () => {
  test('what fewer than half hold spreads first, the rarest first, to the strongest', () => {
    const table = `
      here  ####
      A     .#.. 1
      B     .#.. 2
      C     .##. 3
      D     .##.
      E     .#..
    `;
    expect(offersOf(deadline, table)).toMatch(/^C3 B3 A3 D3 E3 B2 A2 E2 C0 /);
  });

  test('then who is behind the others gets what it lacks, oldest first', () => {
    expect(offersOf(deadline, 'here ####\nA .#.#\nB ####\nC ###.')).toBe('A0 A2 C3');
  });

  test('what is further behind than 32 pieces goes last, newest first', () => {
    const had = times(32, '#');
    const table = `here ###${had}\nA ..#${had}\nB .##${times(31, '#')}.\nC ###${had}`;
    expect(offersOf(deadline, table)).toBe('B34 A1 A0 B0');
  });

  test('asks for what is due soonest first, for what is too late last', () => {
    expect(asked(deadline, 'A ####', [100, 149, 150, 3000])).toBe('A2 A3 A0 A1');
  });

  test('doesn’t wait when it is urgent', () => {
    const ask = (waitedMs: number, dueInMs: number) =>
      wantsOf(deadline, 'A #', { missing: [missingPiece(0, { waitedMs, dueInMs })], pieceMs: 150, joining: false });
    expect(ask(150, 1199)).toBe('A0');
    expect(ask(149, 1199)).toBe('');
    expect(ask(150, 1200)).toBe('');
    expect(ask(150, 149)).toBe('');
  });
});
