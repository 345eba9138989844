import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { needs, pathOf } from '../needs.js';
import { type App, startSource, temporaryFolder } from './apps.js';
import { allEnd, type Recorder, startRecorder, story } from './recorders.js';
import { complaintsOf, isPat, stretchesOf } from './streams.js';

const FFMPEG = needs('ffmpeg');

test('eight viewers that join over time record a minute of variable bitrate to the byte', FFMPEG, async () => {
  // Noise in bursts and another scene every seven seconds: between 0.4 and 8 Mbit/s, with keyframes where scenes change.
  const video =
    "testsrc2=size=640x360:rate=25,noise=alls=25:allf=t:enable='lt(mod(t,11),3)',negate=enable='lt(mod(t,14),7)'";
  const encoder = ['-c:v', 'libx264', '-preset', 'superfast', '-crf', '27', '-g', '50', '-c:a', 'aac', '-b:a', '128k'];
  await broadcast({
    ffmpeg: ['-re', '-f', 'lavfi', '-i', video, '-re', '-f', 'lavfi', '-i', 'sine', '-t', '60', ...encoder],
    joinEveryMs: 6000,
    viewers: 8,
  });
});

test('so does sound alone, at 64 kbit/s', FFMPEG, async () => {
  const sound = 'sine=frequency=220:beep_factor=4:sample_rate=44100';
  const encoder = ['-c:a', 'aac', '-b:a', '48k', '-ac', '1', '-muxrate', '64k', '-pat_period', '0.5'];
  await broadcast({
    ffmpeg: ['-re', '-f', 'lavfi', '-i', sound, '-t', '18', ...encoder],
    joinEveryMs: 2500,
    viewers: 3,
  });
});

test('so does 20 Mbit/s', FFMPEG, async () => {
  const folder = temporaryFolder();
  const made = join(folder, 'made.ts');
  const video = 'testsrc2=size=1280x720:rate=25,noise=alls=60:allf=t';
  const rate = ['-b:v', '19.5M', '-minrate', '19.5M', '-maxrate', '19.5M', '-bufsize', '4M', '-nal-hrd', 'cbr'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', ...rate, '-c:a', 'aac', '-b:a', '128k'];
  const { status, stderr } = spawnSync(
    pathOf('ffmpeg'),
    ['-v', 'error', '-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', 'sine', '-t', '18', ...encoder, made],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  // Encoded beforehand: what is tested needs the processor.
  await broadcast({ ffmpeg: ['-re', '-i', made, '-map', '0', '-c', 'copy'], joinEveryMs: 2500, viewers: 3 });
});

interface Broadcast {
  /** Arguments up to the output's format. */
  readonly ffmpeg: readonly string[];
  readonly joinEveryMs: number;
  readonly viewers: number;
}

/** Pipes what ffmpeg makes into a source and beside it into a file, and expects every recording to be its end. */
async function broadcast({ ffmpeg, joinEveryMs, viewers }: Broadcast): Promise<void> {
  const folder = temporaryFolder();
  const args = ['-', '--host', '127.0.0.1', '--port', '0', '--out', folder];
  const source = startSource(args, { stdin: true });
  const { tstream } = await source.event('ready');
  const piped = pipeInto(source, ffmpeg, join(folder, 'input.ts'));

  const recorders: Recorder[] = [];
  for (let n = 1; n <= viewers; n++) {
    await sleep(joinEveryMs);
    recorders.push(startRecorder(tstream as string, folder, `viewer-${n}`));
  }
  await piped;
  const exits = await allEnd(recorders, source);
  expect(exits, story(recorders, source)).toEqual(recorders.map(() => 0));
  expect(await source.ended).toBe(0);

  const input = readFileSync(join(folder, 'input.ts'));
  for (const { name, recording, path } of recorders) {
    const stretches = stretchesOf(recording(), input);
    expect(stretches, `${name}${story(recorders, source)}`).toEqual([
      { fromByte: expect.any(Number), toByte: input.length },
    ]);
    expect(isPat(input, stretches[0]?.fromByte as number)).toBe(true);
    expect(complaintsOf(path), name).toEqual([]);
  }
  if (process.env['SHOW']) console.log(input.length, story(recorders, source));
}

/** @returns When ffmpeg has ended and all of its output was handed over. */
function pipeInto(source: App, args: readonly string[], path: string): Promise<void> {
  const ffmpeg = spawn(pathOf('ffmpeg'), ['-v', 'error', '-nostdin', ...args, '-f', 'mpegts', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void ffmpeg.kill('SIGKILL'));
  const file = createWriteStream(path);
  ffmpeg.stdout.on('data', (bytes: Buffer) => {
    file.write(bytes);
    source.stdin?.write(bytes);
  });
  return new Promise((resolve, reject) => {
    ffmpeg.once('close', (code) => {
      source.stdin?.end();
      file.end(() => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))));
    });
  });
}
