import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Cut,
  createCutter,
  createLooper,
  createPcrPacer,
  type Piece,
} from '../../packages/mpegts-cutter/src/index.js';

const isThere = (program: string) => spawnSync(program, ['-version']).status === 0;
const missing = ['ffmpeg', 'ffprobe'].filter((program) => !isThere(program));
const isLeftOut = missing.length > 0 && process.env['CI'] !== 'true';
const reason = isLeftOut ? ` (left out: no ${missing.join(' and no ')} on the PATH)` : '';

const clipPath = new URL('../../apps/source/assets/clip.mpegts', import.meta.url);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tstream-clip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program says, on both outputs. */
function run(program: string, args: readonly string[]): { out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return { out: stdout, err: stderr };
}

const isKnown = (encoder: string) => run('ffmpeg', ['-v', 'error', '-encoders']).out.includes(` ${encoder} `);

interface Packet {
  readonly codec_type: string;
  readonly pts: number;
  readonly dts: number;
  readonly flags: string;
}

function packetsOf(path: string): Packet[] {
  const fields = 'packet=codec_type,pts,dts,flags';
  return JSON.parse(run('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'json', path]).out).packets;
}

/** Distances of the decoding times of a kind, as they occur. */
function distances(packets: readonly Packet[], kind: string): Set<number> {
  const times = packets.filter((packet) => packet.codec_type === kind).map((packet) => packet.dts);
  return new Set(times.slice(1).map((time, index) => time - (times[index] as number)));
}

/** Complaints of a demuxer, decoder and muxer that read a whole file. */
const complaints = (path: string) => run('ffmpeg', ['-v', 'warning', '-i', path, '-map', '0', '-f', 'null', '-']).err;
const gaps = (path: string) =>
  run('ffmpeg', ['-v', 'debug', '-i', path, '-map', '0', '-c', 'copy', '-f', 'null', '-'])
    .err.split('\n')
    .filter((line) => /continuity check failed|non.monoton|timestamp discontinuity|corrupt/i.test(line));

/** Cuts a file as a broadcast does, in virtual time. */
function cutInItsTime(stream: Uint8Array, pieceBytesMax: number): Piece[] {
  const cutter = createCutter({ pieceBytesMax, holdMsMax: 250 });
  const pacer = createPcrPacer({ fallbackBitsPerSecond: 1_000_000 });
  const pieces: Piece[] = [];
  const take = (cut: Cut) => {
    if (!cut.ok) throw new Error(cut.reason);
    pieces.push(...cut.value.pieces);
  };
  let nowMs = 0;
  for (const { bytes, dueMs } of [...pacer.push(stream), ...pacer.flush()]) {
    while (cutter.nextDeadlineMs < dueMs) take(cutter.poll(cutter.nextDeadlineMs));
    nowMs = dueMs;
    take(cutter.push(bytes, nowMs));
  }
  take(cutter.flush(nowMs));
  return pieces;
}

describe.skipIf(isLeftOut)(`the embedded clip${reason}`, () => {
  test('is H.264 and AAC of 8 s each, without a complaint', () => {
    const streams = JSON.parse(
      run('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', clipPath.pathname]).out,
    ).streams;
    expect(streams).toMatchObject([
      { codec_name: 'h264', pix_fmt: 'yuv420p', width: 640, height: 360, has_b_frames: 0, duration: '8.000000' },
      { codec_name: 'aac', sample_rate: '48000', duration: '8.000000' },
    ]);
    expect(complaints(clipPath.pathname)).toBe('');
  });

  test('moves, and sounds', () => {
    const filters = ['-vf', 'freezedetect=n=0.001:d=0.2', '-af', 'silencedetect=n=-40dB:d=0.3'];
    const { err } = run('ffmpeg', ['-i', clipPath.pathname, ...filters, '-f', 'null', '-']);
    expect(err).not.toMatch(/freeze_start|silence_start/);
  });

  test('looped five times shows no seam to ffprobe and ffmpeg', () => {
    const clip = readFileSync(clipPath);
    const path = join(folder, 'looped.ts');
    writeFileSync(path, createLooper(clip).read((5 * clip.length) / 188));
    const packets = packetsOf(path);
    expect(packets.filter((packet) => packet.codec_type === 'video')).toHaveLength(1000);
    expect(packets.filter((packet) => packet.codec_type === 'audio')).toHaveLength(1875);
    expect(distances(packets, 'video')).toEqual(new Set([3600]));
    expect(distances(packets, 'audio')).toEqual(new Set([1920]));
    expect(gaps(path)).toEqual([]);
    expect(complaints(path)).toBe('');
  });

  test('the sound does not click at the seam: it is as smooth there as at the other notes', () => {
    const clip = readFileSync(clipPath);
    const path = join(folder, 'seam.ts');
    writeFileSync(path, createLooper(clip).read((2 * clip.length) / 188));
    const args = ['-v', 'error', '-i', path, '-map', '0:a', '-f', 's16le', '-'];
    const pcm = spawnSync('ffmpeg', args, { maxBuffer: 2 ** 26 }).stdout;
    const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
    const bendAt = (at: number) =>
      Math.abs((samples[at - 1] as number) - 2 * (samples[at] as number) + (samples[at + 1] as number));
    const bendAround = (at: number) =>
      Math.max(...Array.from({ length: 4096 }, (_, index) => bendAt(at - 2048 + index)));
    const notes = Array.from({ length: 15 }, (_, index) => bendAround((index + 1) * 24_000));
    expect(bendAround(16 * 24_000)).toBeLessThanOrEqual(Math.max(...notes));
  });
});

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=6'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=6'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25'];
const X265 = [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-x265-params',
  'keyint=25:log-level=error',
];
const RESEND = ['-mpegts_flags', '+resend_headers', '-pat_period', '0.5'];

describe.skipIf(isLeftOut)(`what ffmpeg muxes${reason}`, () => {
  const cases: [string, string, string[]][] = [
    ['H.264 as an encoder sends it live', 'libx264', [...X264, '-tune', 'zerolatency', '-c:a', 'aac', ...RESEND]],
    ['H.264 with the default settings of the muxer', 'libx264', [...X264, '-bf', '2', '-c:a', 'aac']],
    ['H.264 with a PAT each 100 ms', 'libx264', [...X264, '-c:a', 'aac', '-pat_period', '0.1']],
    ['H.264 with open GOPs', 'libx264', [...X264, '-bf', '2', '-x264-params', 'open-gop=1', '-c:a', 'aac']],
    ['H.264 at a constant rate', 'libx264', [...X264, '-c:a', 'aac', '-muxrate', '3M']],
    ['H.265', 'libx265', [...X265, '-c:a', 'aac']],
    ['MPEG-2', 'mpeg2video', ['-c:v', 'mpeg2video', '-b:v', '1M', '-g', '25', '-c:a', 'mp2']],
  ];

  test.for(cases)('%s: each keyframe has an entry point', ([_what, encoder, args], { skip }) => {
    skip(!isKnown(encoder) && process.env['CI'] !== 'true', `this ffmpeg has no ${encoder}`);
    const path = join(folder, 'video.ts');
    run('ffmpeg', ['-v', 'error', '-y', ...PICTURE, ...SOUND, ...args, '-f', 'mpegts', path]);
    const keyframes = packetsOf(path).filter((packet) => packet.codec_type === 'video' && packet.flags.startsWith('K'));
    expect(keyframes.length).toBeGreaterThanOrEqual(6);
    const stream = readFileSync(path);
    for (const pieceBytesMax of [16_384, 32_768, 131_072]) {
      const pieces = cutInItsTime(stream, pieceBytesMax);
      const entries = pieces.filter((piece) => piece.entryOffset !== undefined);
      expect(entries).toHaveLength(keyframes.length);
      expect(Buffer.concat(pieces.map((piece) => piece.payload)).equals(stream)).toBe(true);
    }
  });

  test('a player that begins at an entry point begins with a keyframe, and complains of nothing', () => {
    const source = join(folder, 'entered.ts');
    run('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...PICTURE,
      ...SOUND,
      ...X264,
      '-bf',
      '2',
      '-c:a',
      'aac',
      '-f',
      'mpegts',
      source,
    ]);
    const pieces = cutInItsTime(readFileSync(source), 32_768);
    const entries = pieces.flatMap((piece, index) => (piece.entryOffset === undefined ? [] : [index]));
    for (const index of entries.slice(1, 4)) {
      const path = join(folder, 'from-entry.ts');
      const [first, ...rest] = pieces.slice(index) as [Piece, ...Piece[]];
      writeFileSync(
        path,
        Buffer.concat([first.payload.subarray(first.entryOffset), ...rest.map((piece) => piece.payload)]),
      );
      expect(packetsOf(path).find((packet) => packet.codec_type === 'video')?.flags).toMatch(/^K/);
      expect(complaints(path)).toBe('');
    }
  });

  test.each(['aac', 'mp2'])('%s alone: entry points all along, at most two a second', (codec) => {
    const path = join(folder, 'audio.ts');
    run('ffmpeg', ['-v', 'error', '-y', ...SOUND, '-c:a', codec, '-b:a', '64k', '-f', 'mpegts', path]);
    const times = cutInItsTime(readFileSync(path), 16_384).flatMap((piece) =>
      piece.entryOffset === undefined ? [] : [piece.sourceTimeMs],
    );
    expect(times.length).toBeGreaterThanOrEqual(6);
    expect(times.length).toBeLessThanOrEqual(12);
  });

  test('any file loops: no complaint, and the longest of its streams has no gap', () => {
    const source = join(folder, 'file.ts');
    run('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...PICTURE,
      ...SOUND,
      ...X264,
      '-bf',
      '2',
      '-c:a',
      'aac',
      '-f',
      'mpegts',
      source,
    ]);
    const stream = readFileSync(source);
    const path = join(folder, 'file-looped.ts');
    writeFileSync(path, createLooper(stream).read((4 * stream.length) / 188));
    expect(distances(packetsOf(path), 'audio')).toEqual(new Set([1920]));
    expect(gaps(path)).toEqual([]);
    expect(complaints(path)).toBe('');
  });
});
