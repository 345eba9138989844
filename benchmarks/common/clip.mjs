// An encoder's output at a constant bitrate, with an entry point each second.
import { execFileSync } from 'node:child_process';

/** What sound and the transport stream itself take, bits per second. */
const BESIDE_VIDEO = 200_000;

/**
 * Twenty seconds of H.264 and AAC, made by ffmpeg.
 * @param {string} path
 * @param {number} bitsPerSecond
 */
export function makeClip(path, bitsPerSecond) {
  const video = bitsPerSecond - BESIDE_VIDEO;
  const words = `-v error -f lavfi -i testsrc2=size=1280x720:rate=30:duration=20 -f lavfi -i sine=frequency=440:duration=20 -c:v libx264 -preset veryfast -tune zerolatency -g 30 -b:v ${video} -maxrate ${video} -bufsize ${video / 2} -nal-hrd cbr -c:a aac -b:a 96k -muxrate ${bitsPerSecond} -f mpegts -mpegts_flags +resend_headers ${path}`;
  execFileSync('ffmpeg', words.split(' '));
  return path;
}
