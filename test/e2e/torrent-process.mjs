// A torrent in a process of its own, to be killed. Each piece that it verified stands in the log before anything else
// happens, and what came over its sockets, every millisecond.
import { openSync, writeSync } from 'node:fs';

/** @type {typeof import('../../packages/peer-net/src/index.js')} */
const { createSwarmNode, loadMetainfo } = await import(
  new URL('../../packages/peer-net/dist/index.js', import.meta.url).href
);
const { role, folder, file, log, ports, bitsPerSecond } = JSON.parse(process.argv[2] ?? '');
const { metainfo } = await loadMetainfo(file);
if (metainfo.kind !== 'vod') throw new Error('expected an ordinary torrent');
const node = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test 1', onTrouble: () => undefined });
const lines = openSync(log, 'a');
const torrent = await node.addTorrent({
  metainfo,
  folder,
  uploadBitsPerSecondMax: Number.POSITIVE_INFINITY,
  downloadBitsPerSecondMax: bitsPerSecond ?? Number.POSITIVE_INFINITY,
  peersMax: 50,
  peers: ports.map((/** @type {number} */ port) => ({ host: '127.0.0.1', port })),
  discovery: false,
  existing: role === 'seed' ? 'must-be-whole' : 'trust-resume',
  keepResume: role !== 'seed',
  onEvent: ({ type }) => {
    if (type === 'held') writeSync(lines, 'held\n');
  },
});
if (role === 'get') setInterval(() => writeSync(lines, `${torrent.figures().downBytes}\n`), 1).unref();
process.stdout.write(`${JSON.stringify({ port: node.port, held: torrent.figures().piecesHeld })}\n`);
if (role === 'get') {
  await torrent.whole;
  await node.close();
}
