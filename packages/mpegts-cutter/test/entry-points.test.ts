import { describe, expect, test } from 'vitest';
import { createCutter, type Piece } from '../src/index.js';
import {
  AAC,
  bytes,
  H264,
  nullPacket,
  PAT_PID,
  PMT_PID,
  packet,
  pat,
  patSection,
  pes,
  pmt,
  pmtSection,
  section,
  sectionPackets,
  split,
  VIDEO_PID,
} from './muxer.js';
import { entriesOf, entryPackets, filler, key, other, PACKET, picture, sound } from './pictures.js';
import { joined, piecesOf } from './pieces.js';

describe('what an entry point is', () => {
  test('a PAT, the PMT, a keyframe', () => {
    expect(entriesOf([...filler(3), pat(), pmt(H264, AAC), ...key()])).toEqual([3]);
  });

  test('sound, stuffing and the rest of a picture may stand between', () => {
    const [, ...rest] = other();
    const packets = [pat(), pmt(H264, AAC), ...rest, ...sound(), nullPacket(), ...key()];
    expect(entriesOf([pat(), pmt(H264, AAC), ...other(), ...packets])).toEqual([2 + other().length]);
  });

  test('another picture may not', () => {
    expect(entriesOf([pat(), pmt(H264, AAC), ...other(), ...key()])).toEqual([]);
  });

  test.each([
    ['no PMT', [pat(), ...key()]],
    ['no PAT', [pmt(H264), ...key()]],
    ['PMT before PAT', [pmt(H264), pat(), ...key()]],
    ['PMT of another program', [pat(), ...sectionPackets(PMT_PID, pmtSection([H264], 2)), ...key()]],
    ['PMT that names no stream', [pat(), pmt(), ...key()]],
    [
      'a PMT that is not valid yet',
      [
        pat(),
        ...sectionPackets(
          PMT_PID,
          section({ tableId: 2, extension: 1, body: [0xff, 0xff, 0xf0, 0, 0x1b, 0xe1, 0, 0xf0, 0], isCurrent: false }),
        ),
        ...key(),
      ],
    ],
    [
      'another table on the PID of the PMT',
      [
        pat(),
        ...sectionPackets(
          PMT_PID,
          section({ tableId: 3, extension: 1, body: [0xff, 0xff, 0xf0, 0, 0x1b, 0xe1, 0, 0xf0, 0] }),
        ),
        ...key(),
      ],
    ],
  ])('%s: none', (_what, packets) => {
    expect(entriesOf(packets)).toEqual([]);
  });

  test('a table with a wrong check sum does not count', () => {
    for (const damaged of [0, 1]) {
      const packets = [pat(), pmt(H264), ...key()];
      const damagedPacket = packets[damaged] as Uint8Array;
      damagedPacket[14] = (damagedPacket[14] as number) ^ 1;
      expect(entriesOf(packets)).toEqual([]);
    }
  });

  test('a PMT over several packets counts when it is whole', () => {
    const long = sectionPackets(PMT_PID, pmtSection([{ ...AAC, descriptors: Array(200).fill(1) }, H264]));
    expect(long).toHaveLength(2);
    expect(entriesOf([pat(), ...long, ...key()])).toEqual([0]);
    const bare = packet({ pid: PMT_PID });
    expect(entriesOf([pat(), bare, ...long.flatMap((one) => [one, bare]), ...key()])).toEqual([0]);
    expect(entriesOf([pat(), ...long.slice(0, 1), ...key()])).toEqual([]);
  });

  test('descriptors of the program stand before its streams', () => {
    const described = sectionPackets(PMT_PID, pmtSection([H264], 1, [5, 4, 72, 68, 77, 86]));
    expect(entriesOf([pat(), ...described, ...key()])).toEqual([0]);
  });

  test('of two PATs before the PMT the second one', () => {
    expect(entriesOf([pat(), pat(), pmt(H264), ...key()])).toEqual([1]);
  });

  test('of two PATs of which the first has its PMT the first one', () => {
    expect(entriesOf([pat(), pmt(H264), pat(), ...key()])).toEqual([0]);
  });

  test('in a stream of several programs the first program decides', () => {
    const two = sectionPackets(
      PAT_PID,
      section({ tableId: 0, extension: 1, body: [0, 0, 0xe0, 0x10, 0, 7, 0xe2, 0, 0, 1, 0xf0, 0] }),
    );
    const pmtOf7 = sectionPackets(0x200, pmtSection([H264], 7));
    expect(entriesOf([...two, ...pmtOf7, ...key()])).toEqual([0]);
    expect(entriesOf([...two, pmt(H264), ...key()])).toEqual([]);
  });

  test('the stream may change: a PMT that names another PID for video', () => {
    const moved = { type: 0x1b, pid: 0x333 };
    const movedKey = pes({ pid: 0x333, streamId: 0xe0, pts: 1, content: new Uint8Array(9), randomAccess: true });
    const packets = [pat(), pmt(H264), ...other(), pat(), pmt(moved), ...key(), ...movedKey];
    expect(entriesOf(packets)).toEqual([2 + other().length]);
  });
});

describe('how a keyframe is known without random_access_indicator', () => {
  const settings = bytes([0, 0, 1, 6, 5], new Uint8Array(700).fill(0x41));
  const cases: [string, number, Uint8Array[], boolean][] = [
    ['H.264 IDR', 0x1b, picture([0, 0, 1, 9, 0xf0], [0, 0, 1, 0x67, 1], [0, 0, 1, 0x65, 0x88]), true],
    ['H.264 IDR after the text of x264', 0x1b, picture([0, 0, 1, 0x67, 1], settings, [0, 0, 1, 0x65, 0x88]), true],
    ['H.264 recovery point', 0x1b, picture([0, 0, 1, 6, 6, 1], [0, 0, 1, 0x41, 0x9a]), true],
    ['H.264 other slice', 0x1b, picture([0, 0, 1, 6, 5, 1], [0, 0, 1, 0x41, 0x9a], [0, 0, 1, 0x65]), false],
    ['H.264 other slice after the text of x264', 0x1b, picture(settings, [0, 0, 1, 0x41, 0x9a]), false],
    ['H.265 IDR', 0x24, picture([0, 0, 1, 0x46, 1], [0, 0, 1, 0x40, 1], [0, 0, 1, 19 << 1, 1]), true],
    ['H.265 CRA', 0x24, picture([0, 0, 1, 21 << 1, 1]), true],
    ['H.265 other slice', 0x24, picture([0, 0, 1, 0x46, 1], [0, 0, 1, 1 << 1, 1], [0, 0, 1, 19 << 1, 1]), false],
    ['H.265 reserved type below the random access points', 0x24, picture([0, 0, 1, 15 << 1, 1]), false],
    ['MPEG-2 I', 0x02, picture([0, 0, 1, 0xb3, 0x28, 1], [0, 0, 1, 0, 0, 0x0f, 0xff]), true],
    ['MPEG-2 P', 0x02, picture([0, 0, 1, 0, 0, 0x97, 0xff]), false],
    ['MPEG-1 I', 0x01, picture([0, 0, 1, 0, 0, 0x0f, 0xff]), true],
    ['a codec that is not read', 0xea, picture([0, 0, 1, 0x65, 0x88]), false],
    ['nothing that is known in 4 KiB', 0x1b, picture(new Uint8Array(4200), [0, 0, 1, 0x65]), false],
  ];
  test.each(cases)('%s', (_what, type, packets, isKey) => {
    expect(entriesOf([pat(), pmt({ type, pid: VIDEO_PID }), ...packets])).toEqual(isKey ? [0] : []);
  });

  test('by start codes that lie across packets', () => {
    for (let stuffing = 140; stuffing < 180; stuffing += 1) {
      const packets = picture(new Uint8Array(stuffing).fill(0xff), [0, 0, 1, 0x65, 0x88]);
      expect(entriesOf([pat(), pmt(H264), ...packets])).toEqual([0]);
    }
  });

  test('a PAT that comes while a picture is still being read does not get its verdict', () => {
    const [first, ...rest] = picture([0, 0, 1, 6, 5], new Uint8Array(300).fill(0x41), [0, 0, 1, 0x65]) as [Uint8Array];
    expect(entriesOf([pat(), pmt(H264), ...other(), first, pat(), pmt(H264), ...rest, ...other()])).toEqual([]);
  });
});

describe('cutting beside a PAT', () => {
  const config = { pieceBytesMax: 20 * PACKET, holdMsMax: 250 };
  const lengths = (pieces: readonly Piece[]) => pieces.map((piece) => piece.payload.length / PACKET);

  test('a piece that is full while a PAT is undecided is closed before the PAT', () => {
    const cutter = createCutter(config);
    const pieces = piecesOf(cutter.push(joined([...filler(18), pat(), pmt(H264), ...key(), ...filler(20)]), 0));
    expect(lengths(pieces)).toEqual([18, 20]);
    expect(pieces.map((piece) => piece.entryOffset)).toEqual([undefined, 0]);
  });

  test('a PAT that is decided already does not shorten a piece', () => {
    const cutter = createCutter(config);
    const repeated = piecesOf(cutter.push(joined([...filler(15), pat(), pmt(H264), ...other(), ...filler(20)]), 0));
    expect(lengths(repeated)).toEqual([20]);
  });

  test('a piece that is due while a PAT is undecided is closed before the PAT, which waits for its own hold', () => {
    const cutter = createCutter(config);
    cutter.push(joined(filler(6)), 0);
    cutter.push(pat(), 200);
    cutter.push(pmt(H264), 210);
    expect(lengths(piecesOf(cutter.poll(250)))).toEqual([6]);
    expect(cutter.nextDeadlineMs).toBe(450);
    cutter.push(joined(key()), 260);
    expect(piecesOf(cutter.poll(450))).toMatchObject([{ sourceTimeMs: 200, entryOffset: 0 }]);
  });

  test('both are closed when both are due', () => {
    const cutter = createCutter(config);
    cutter.push(joined(filler(6)), 0);
    cutter.push(pat(), 200);
    const pieces = piecesOf(cutter.poll(450));
    expect(lengths(pieces)).toEqual([6, 1]);
    cutter.push(joined([pmt(H264), ...key()]), 451);
    expect(entryPackets(piecesOf(cutter.flush(451)))).toEqual([]);
  });

  test('a PAT at the start of a full piece is given up', () => {
    const cutter = createCutter(config);
    const pieces = piecesOf(cutter.push(joined([pat(), pmt(H264), ...filler(18), ...key(), ...filler(20)]), 0));
    expect(lengths(pieces)).toEqual([20, 20]);
    expect(entryPackets(pieces)).toEqual([]);
  });

  test('of two entry points in a piece the first is told', () => {
    const packets = [pat(), pmt(H264), ...key()];
    expect(entriesOf([...filler(2), ...packets, ...packets])).toEqual([2]);
  });

  test('a gap between PAT and keyframe makes it none', () => {
    const garbage = new Uint8Array(33);
    expect(entriesOf([...filler(5), pat(), garbage, pmt(H264), ...key(), ...filler(5)])).toEqual([]);
    expect(entriesOf([...filler(5), pat(), pmt(H264), garbage, ...key(), ...filler(5)])).toEqual([]);
  });

  test('tables of an input that ended say nothing of the next one', () => {
    const cutter = createCutter(config);
    cutter.push(joined([...filler(5), pat(), pmt(H264)]), 0);
    cutter.flush(0);
    cutter.push(joined([...key(), ...filler(5)]), 0);
    expect(entryPackets(piecesOf(cutter.flush(0)))).toEqual([]);
  });
});

test('a hostile section length is harmless', () => {
  for (const length of [0, 1, 9, 1022, 4095]) {
    const hostile = bytes(patSection());
    hostile[1] = 0xb0 | (length >> 8);
    hostile[2] = length & 0xff;
    const [first] = sectionPackets(PAT_PID, hostile) as [Uint8Array];
    const more = split(new Uint8Array(184 * 8), 184).map((payload) => packet({ pid: PAT_PID, payload }));
    expect(entriesOf([first, ...more, pmt(H264), ...key()])).toEqual([]);
    expect(entriesOf([first, ...more, pat(), pmt(H264), ...key()])).toEqual([1 + more.length]);
  }
});
