/** Taking part in one live swarm: what `watch`, `record` and `seed` do alike. */
import { tmpdir } from 'node:os';
import { createSwarmNode, type Swarm, type SwarmEvent, type SwarmNode } from '@tstream/peer-net';
import type { LiveMetainfo } from '@tstream/tstream-format';
import type { PeerOptions } from './options.js';
import type { Policies } from './policies.js';
import { CLIENT } from './version.js';

/** Opens the port for neighbours. */
export function openNode(options: PeerOptions, onTrouble: (reason: string) => void): Promise<SwarmNode> {
  return createSwarmNode({ host: options.host, port: options.peerPort, client: CLIENT, onTrouble });
}

/** Joins a swarm. */
export function joinSwarm(
  node: SwarmNode,
  metainfo: LiveMetainfo,
  options: PeerOptions,
  role: {
    readonly role: 'viewer' | 'seed';
    readonly diskBytesMax: number;
    readonly uploadBitsPerSecondMax: number;
    readonly lagMs?: number | undefined;
    readonly eager?: boolean | undefined;
    readonly policies: Policies;
    readonly onEvent: (event: SwarmEvent) => void;
  },
): Promise<Swarm> {
  const { folder, peers, peersMax, discovery } = options;
  const disk = role.diskBytesMax > 0 ? { folder: folder ?? tmpdir(), bytesMax: role.diskBytesMax } : undefined;
  return node.addSwarm({
    metainfo,
    role: role.role,
    uploadBitsPerSecondMax: role.uploadBitsPerSecondMax,
    peersMax,
    peers,
    discovery,
    lagMs: role.lagMs,
    eager: role.eager,
    ...role.policies,
    memoryBytesMax: MEMORY_BYTES_MAX,
    disk,
    onEvent: role.onEvent,
  });
}

const MEMORY_BYTES_MAX = 16 * 1024 * 1024;
