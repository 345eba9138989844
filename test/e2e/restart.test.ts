import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type App, startPeer, startSource, temporaryFolder } from './apps.js';
import { allEnd, allPlay, type Recorder, startRecorder, story, troubles } from './recorders.js';
import { isPat, stretchesOf, writeLoopedClip } from './streams.js';

test('a source that is killed and started again: viewers go on untouched and lose nothing that they had', async () => {
  const folder = temporaryFolder();
  const input = writeLoopedClip(join(folder, 'input.ts'), 22);
  const command = [
    join(folder, 'input.ts'),
    '--host',
    '127.0.0.1',
    '--port',
    String(await freePort()),
    '--out',
    folder,
  ];
  const first = startSource(command);
  const { tstream } = await first.event('ready');
  const viewers = ['A', 'B', 'C', 'D'].map((name) => startRecorder(tstream as string, folder, name));
  const watcher = startPeer(['watch', tstream as string, '--host', '127.0.0.1']);
  await allPlay(viewers);
  await watcher.event('playing', 60_000);
  await sleep(5000);

  await first.stop('SIGKILL');
  const { run } = first.stats();
  await sleep(3000);
  const left = await stripOf(watcher);
  const playedTo = viewers.map(({ app }) => app.stats().playSeq);
  const second = startSource(command);
  await second.event('ready');
  expect(await allEnd(viewers, second), story(viewers, second)).toEqual([0, 0, 0, 0]);
  expect(await watcher.ended).toBe(0);

  // Everybody has played the first run to the last piece that anybody had.
  expect(left, story(viewers, first)).toMatchObject({ run, heldAfterPlayed: 0 });
  expect(new Set(playedTo), story(viewers, first)).toEqual(new Set([left.playSeq]));
  expect(second.stats().run).toBeGreaterThan(run as number);
  expect(runsPlayed(viewers)).toEqual(viewers.map(() => [run, second.stats().run]));
  for (const { name, recording } of viewers) {
    const stretches = stretchesOf(recording(), input);
    expect(stretches, `${name}${story(viewers, second)}`).toEqual([
      { fromByte: expect.any(Number), toByte: expect.any(Number) },
      { fromByte: expect.any(Number), toByte: input.length },
    ]);
    for (const { fromByte } of stretches) expect(isPat(input, fromByte)).toBe(true);
    // What a restarted source makes is wanted from its beginning.
    expect(stretches[1]?.fromByte).toBeLessThan(input.length / 22);
  }
});

test('half of twelve viewers are killed: the others lose nothing', async () => {
  const folder = temporaryFolder();
  const input = writeLoopedClip(join(folder, 'input.ts'), 40);
  const source = startSource([join(folder, 'input.ts'), '--host', '127.0.0.1', '--port', '0', '--out', folder]);
  const { tstream } = await source.event('ready');
  const viewers: Recorder[] = [];
  for (let n = 1; n <= 12; n++) {
    viewers.push(startRecorder(tstream as string, folder, `viewer-${n}`));
    await sleep(500);
  }
  await allPlay(viewers);
  await sleep(4000);

  const survivors = viewers.filter((_, i) => i % 2 === 1);
  const before = troubles(survivors);
  for (const [i, { app }] of viewers.entries()) if (i % 2 === 0) app.child.kill('SIGKILL');
  expect(await allEnd(survivors, source), story(survivors, source)).toEqual(survivors.map(() => 0));
  expect(troubles(survivors), story(survivors, source)).toEqual(before);
  for (const { name, recording } of survivors) {
    const stretches = stretchesOf(recording(), input);
    expect(stretches, `${name}${story(survivors, source)}`).toEqual([
      { fromByte: expect.any(Number), toByte: input.length },
    ]);
  }
});

interface Left {
  readonly run: number;
  readonly playSeq: number;
  /** Pieces that it holds and hasn't played. */
  readonly heldAfterPlayed: number;
}

/** What a watcher that has run dry has played, and what it has left. */
async function stripOf(watcher: App): Promise<Left> {
  const { http } = await watcher.event('ready');
  const { playSeq, pieces } = (await (await fetch(`${http}/stats.json`)).json()) as {
    playSeq: number;
    pieces: { run: number; fromSeq: number; states: string };
  };
  const after = pieces.states.slice(playSeq + 1 - pieces.fromSeq);
  return { run: pieces.run, playSeq, heldAfterPlayed: after.split('#').length - 1 };
}

/** Runs that each of them played, in order. */
function runsPlayed(viewers: readonly Recorder[]): number[][] {
  return viewers.map(({ app }) => {
    const runs = app.events.flatMap(({ event, playRun }) => (event === 'stats' && playRun ? [playRun as number] : []));
    return [...new Set(runs)];
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
