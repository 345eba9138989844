import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSource, temporaryFolder } from './apps.js';
import { allEnd, type Recorder, startRecorder, story } from './recorders.js';
import { isPat, stretchesOf, writeLoopedClip } from './streams.js';

test('source–A–B–C–D: who knows only the one before gets every byte', async () => {
  const folder = temporaryFolder();
  const input = writeLoopedClip(join(folder, 'input.ts'), 20);
  const source = startSource([join(folder, 'input.ts'), '--out', folder, ...ALONE, '--no-tracker']);
  const { tstream, port } = await source.event('ready');

  const chain: Recorder[] = [];
  let before = port;
  for (const name of ['A', 'B', 'C', 'D']) {
    const args = ['--host', '127.0.0.1', '--no-discovery', '--peer', `127.0.0.1:${before}`];
    const recorder = startRecorder(tstream as string, folder, name, args);
    chain.push(recorder);
    before = (await recorder.app.event('ready')).peerPort;
  }

  expect(await allEnd(chain, source)).toEqual([0, 0, 0, 0]);
  for (const { name, recording } of chain) {
    const stretches = stretchesOf(recording(), input);
    expect(stretches, `${name}${story(chain, source)}`).toEqual([
      { fromByte: expect.any(Number), toByte: input.length },
    ]);
    expect(isPat(input, stretches[0]?.fromByte as number)).toBe(true);
  }
  const fromSource = chain.map(({ app }) => (app.stats().bytesFromSource as number) > 0);
  expect(fromSource, story(chain, source)).toEqual([true, false, false, false]);
});

const ALONE = ['--host', '127.0.0.1', '--port', '0'];
