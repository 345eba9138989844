/** Transport streams that tests broadcast, and what of them is in a recording. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createLooper } from '../../packages/mpegts-cutter/src/index.js';
import { pathOf } from '../needs.js';

const CLIP = new URL('../../apps/source/assets/clip.mpegts', import.meta.url);
const CLIP_SECONDS = 8;

/** The embedded clip, looped into a file: known bytes, none of them twice, and no ffmpeg needed. About 580 kbit/s. */
export function writeLoopedClip(path: string, seconds: number): Buffer {
  const clip = readFileSync(CLIP);
  const packets = Math.round((clip.length * seconds) / CLIP_SECONDS / PACKET_BYTES);
  const stream = Buffer.from(createLooper(clip).read(packets));
  writeFileSync(path, stream);
  return stream;
}

/** A stretch of the input, in bytes. */
export interface Stretch {
  readonly fromByte: number;
  readonly toByte: number;
}

/**
 * Of which stretches of the input, of whole packets each, a recording is made. An exact one is a single stretch; where it
 * drops or repeats something, another one begins. Bytes that aren't in the input at all are a stretch from −1.
 */
export function stretchesOf(recording: Buffer, input: Buffer): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; at < recording.length && stretches.length < STRETCHES_MAX; ) {
    const beginning = recording.subarray(at, at + TELLING_BYTES);
    const fromByte = input.indexOf(beginning);
    const bytes = fromByte < 0 ? recording.length - at : commonBytes(recording.subarray(at), input.subarray(fromByte));
    stretches.push({ fromByte, toByte: fromByte < 0 ? -1 : fromByte + bytes });
    at += bytes;
  }
  return stretches;
}

/** Whether a packet of a PAT begins here: a player can begin there if a keyframe follows. */
export function isPat(stream: Buffer, at: number): boolean {
  return stream[at] === 0x47 && (stream.readUInt16BE(at + 1) & 0x5fff) === 0x4000;
}

/**
 * What the demuxer and the decoders of ffmpeg have to complain of: nothing, or a line each.
 *
 * They read from beginning to end. Where it can seek, the demuxer looks for the last time stamps at a place near the end that
 * is no packet's beginning, and in noise takes the next 0x47 for one: it then complains of a packet that is none. Where it can't,
 * it says how it came by the duration.
 */
export function complaintsOf(path: string): string[] {
  const input = ['-seekable', '0', '-i', `file:${path}`];
  const ffmpeg = (...args: string[]) =>
    spawnSync(pathOf('ffmpeg'), ['-hide_banner', '-nostats', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 }).stderr;
  const demuxed = ffmpeg('-v', 'debug', ...input, '-map', '0', '-c', 'copy', '-f', 'null', '-')
    .split('\n')
    .filter((line) => /continuity check failed|non.monoton|timestamp discontinuity|corrupt/i.test(line));
  const decoded = ffmpeg('-v', 'warning', ...input, '-map', '0', '-f', 'null', '-').split('\n');
  return [...demuxed, ...decoded].filter((line) => line.trim() !== '' && !line.includes('Estimating duration'));
}

/** Whole packets that two byte strings have in common at their beginnings, in bytes; at least one packet is. */
function commonBytes(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.compare(b, at, Math.min(at + STEP_BYTES, most), at, Math.min(at + STEP_BYTES, most)) === 0)
    at += STEP_BYTES;
  while (at + PACKET_BYTES <= most && a.compare(b, at, at + PACKET_BYTES, at, at + PACKET_BYTES) === 0)
    at += PACKET_BYTES;
  return Math.max(Math.min(at, most), PACKET_BYTES);
}

/** ISO/IEC 13818-1. */
const PACKET_BYTES = 188;
/** So many packets hold a time stamp for sure, so that they are in a stream once. */
const TELLING_BYTES = 128 * PACKET_BYTES;
const STEP_BYTES = 4096 * PACKET_BYTES;
/** Enough to see what is wrong. */
const STRETCHES_MAX = 10;
