/** `tstream-peer seed`: helps any number of live streams, without playing them, until a person stops it. */
import { once } from 'node:events';
import type { SwarmNode } from '@tstream/peer-net';
import type { LiveMetainfo } from '@tstream/tstream-format';
import type { Command } from 'commander';
import { type Console, createConsole, eventLine } from './console.js';
import { joinSwarm, loadLive, openNode } from './join.js';
import { declarePeerOptions, type PeerOptions, readPeerOptions } from './options.js';
import { loadPolicies, type Policies } from './policies.js';

export function declareSeed(command: Command): Command {
  return declarePeerOptions(command);
}

export async function seed(
  sources: readonly string[],
  given: Readonly<Record<string, unknown>>,
  stop: AbortSignal,
): Promise<void> {
  const options = readPeerOptions(given);
  const failed = new AbortController();
  const policies = await loadPolicies(options, (failure) => failed.abort(failure));
  const screen = createConsole(options.json);
  const all = await Promise.all(sources.map((source) => loadLive(source)));
  const node = await openNode(options, (reason) => screen.note(reason));
  try {
    for (const metainfo of all) await join(node, metainfo, options, policies, all.length, screen);
    screen.ready({ peerPort: node.port, swarms: all.length }, [
      `Helping ${all.map(({ title, name }) => title ?? name).join(', ')} on port ${node.port}. Ctrl-C ends it.`,
    ]);
    const stats = setInterval(() => screen.stats(node.swarms.map((swarm) => swarm.figures())), 1000);
    const over = AbortSignal.any([stop, failed.signal]);
    if (!over.aborted) await once(over, 'abort');
    clearInterval(stats);
    screen.stats(node.swarms.map((swarm) => swarm.figures()));
    failed.signal.throwIfAborted();
  } finally {
    await node.close();
    screen.close();
  }
}

/** What a person allows in all is shared out evenly. */
async function join(
  node: SwarmNode,
  metainfo: LiveMetainfo,
  options: PeerOptions,
  policies: Policies,
  swarms: number,
  screen: Console,
): Promise<void> {
  const windowBytes = metainfo.windowPieces * metainfo.pieceLength;
  const diskBytesMax = options.diskBytesMax === undefined ? windowBytes : Math.floor(options.diskBytesMax / swarms);
  if (diskBytesMax < windowBytes) {
    screen.note(
      `--max-disk keeps ${Math.floor((100 * diskBytesMax) / windowBytes)} % of the window of ${metainfo.name}`,
    );
  }
  await joinSwarm(node, metainfo, options, {
    role: 'seed',
    diskBytesMax,
    uploadBitsPerSecondMax: options.uploadBitsPerSecondMax / swarms,
    policies,
    onEvent: (event) => {
      const line = eventLine(event);
      if (line !== undefined) screen.note(`${metainfo.name}: ${line}`);
    },
  });
}
