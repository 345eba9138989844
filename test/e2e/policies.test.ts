/** Somebody's own picker and choker in a real swarm, from files outside of the project: they work, or what is wrong is told in one line. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startPeer, startSource, temporaryFolder, until } from './apps.js';
import { expectOneLine, runApp } from './command.js';

const TEMPLATE = fileURLToPath(new URL('../../apps/sim/template/', import.meta.url));
const ALONE = ['--host', '127.0.0.1', '--no-discovery', '--peer'];

/** The embedded clip, broadcast into this folder. */
async function broadcast(folder: string) {
  const source = startSource(['--out', folder, '--port', '0', '--host', '127.0.0.1', '--no-tracker']);
  const { tstream, port } = await source.event('ready');
  return { tstream: String(tstream), address: `127.0.0.1:${port}` };
}

test("the guide's picker and choker: a viewer plays with them, and feeds the next one", async () => {
  const folder = temporaryFolder();
  for (const name of ['my-picker.ts', 'my-choker.ts']) copyFileSync(join(TEMPLATE, name), join(folder, name));
  const own = ['--picker', join(folder, 'my-picker.ts'), '--choker', join(folder, 'my-choker.ts')];
  const { tstream, address } = await broadcast(folder);
  const viewer = startPeer(['watch', tstream, ...own, ...ALONE, address]);
  const { peerPort } = await viewer.event('ready');
  const next = startPeer(['watch', tstream, ...ALONE, `127.0.0.1:${peerPort}`]);
  await next.event('playing');
  await until('the next one has some seconds from the viewer', () => Number(next.stats().bytesFromPeers) > 300_000);
  expect(next.stats()).toMatchObject({ state: 'playing', bytesFromSource: 0, stalls: 0 });
  expect(viewer.stats()).toMatchObject({ state: 'playing', bytesFromPeers: 0, stalls: 0 });
  expect(await next.stop()).toBe(0);
  expect(await viewer.stop()).toBe(0);
  expect(viewer.errors()).toBe('');
});

test('a picker that breaks a law is refused, before anybody is connected to', async () => {
  const folder = temporaryFolder();
  const picker = join(folder, 'idle.ts');
  writeFileSync(picker, 'export default { offer: () => undefined, want: () => [] };\n');
  const { tstream, address } = await broadcast(folder);
  const outcome = await runApp('tstream-peer', ['watch', tstream, '--picker', picker, ...ALONE, address]);
  expect(outcome.out).toBe('');
  expectOneLine(outcome, 1, /idle\.ts is no picker for a real swarm: makes an offer when there is an obvious one/);
});

test.each(['watch', 'seed'])(
  '%s: a picker that throws later ends the peer, with the line of its file',
  async (command) => {
    const folder = temporaryFolder();
    const picker = join(folder, 'late.ts');
    // The laws ask 600 times.
    writeFileSync(
      picker,
      `import { newestFirst, type OfferView, type PiecePicker } from '@tstream/piece-picker';
let asked = 0;
export const picker: PiecePicker = {
  offer(view: OfferView) {
    asked += 1;
    if (asked > 620) throw new RangeError('asked too often');
    return newestFirst.offer(view);
  },
  want: newestFirst.want,
};
`,
    );
    const { tstream, address } = await broadcast(folder);
    const outcome = await runApp('tstream-peer', [command, tstream, '--picker', picker, ...ALONE, address]);
    expectOneLine(outcome, 1, /^tstream-peer: late\.ts:6: asked too often\n$/);
    expect(outcome.out).toMatch(/^(?:Watching|Helping) /);
  },
);
