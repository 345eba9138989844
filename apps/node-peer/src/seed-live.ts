/** A live stream that is served to others: its whole window, on disk. */
import type { Swarm, SwarmNode } from '@tstream/peer-net';
import type { LiveMetainfo } from '@tstream/tstream-format';
import type { Console } from './console.js';
import { joinSwarm } from './join.js';
import { eventLine } from './live-words.js';
import type { PeerOptions } from './options.js';
import type { Policies } from './policies.js';

/** @param swarms - How many share what the person allows, evenly. */
export function seedLive(
  node: SwarmNode,
  metainfo: LiveMetainfo,
  options: PeerOptions,
  policies: Policies,
  swarms: number,
  screen: Console,
): Promise<Swarm> {
  const windowBytes = metainfo.windowPieces * metainfo.pieceLength;
  const diskBytesMax = options.diskBytesMax === undefined ? windowBytes : Math.floor(options.diskBytesMax / swarms);
  if (diskBytesMax < windowBytes) {
    screen.note(
      `--max-disk keeps ${Math.floor((100 * diskBytesMax) / windowBytes)} % of the window of ${metainfo.name}`,
    );
  }
  return joinSwarm(node, metainfo, options, {
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
