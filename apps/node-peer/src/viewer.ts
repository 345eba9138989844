/** A viewer's session: joined to one swarm, played by the virtual reader, until the broadcast ends or a person stops it. */
import { linger, type Swarm, type SwarmEvent } from '@tstream/peer-net';
import type { LiveMetainfo } from '@tstream/tstream-format';
import type { Console } from './console.js';
import { FIRST_START_NOTE, isFirstStart } from './first-start.js';
import { joinSwarm, openNode } from './join.js';
import { eventLine, liveStats } from './live-words.js';
import type { PeerOptions } from './options.js';
import { loadPolicies } from './policies.js';

/** How a viewer plays: see `PeerConfig` of the core. */
export interface Playing {
  readonly lagMs: number | undefined;
  readonly eager?: boolean;
}

export interface Session {
  readonly swarm: Swarm;
  readonly peerPort: number;
  /** Resolves at the end of the broadcast, or when a person stops it. @throws What was given to `fail`. */
  readonly over: Promise<void>;
  fail(error: Error): void;
  close(): Promise<void>;
}

export async function openSession(
  metainfo: LiveMetainfo,
  options: PeerOptions,
  playing: Playing,
  screen: Console,
  stop: AbortSignal,
): Promise<Session> {
  let end = () => {};
  let fail = (_error: Error) => {};
  const over = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  // A failure that comes before anybody waits for the end is told when somebody does.
  over.catch(() => undefined);
  const policies = await loadPolicies(options, fail);
  if (await isFirstStart()) screen.note(FIRST_START_NOTE);
  const node = await openNode(options, (reason) => screen.note(reason));
  let ended = false;
  stop.addEventListener('abort', end, { once: true });
  const onEvent = (event: SwarmEvent) => {
    if (event.type === 'playing') {
      screen.event({ event: 'playing', startupMs: event.startupMs }, `Playing after ${event.startupMs} ms.`);
    } else if (event.type === 'ended') {
      screen.event({ event: 'ended' }, 'The broadcast has ended.');
      ended = true;
      end();
    } else {
      const line = eventLine(event);
      if (line !== undefined) screen.note(line);
    }
  };
  const { uploadBitsPerSecondMax, diskBytesMax = DISK_BYTES_MAX } = options;
  const swarm = await joinSwarm(node, metainfo, options, {
    role: 'viewer',
    diskBytesMax,
    uploadBitsPerSecondMax,
    policies,
    ...playing,
    onEvent,
  }).catch(async (error) => {
    await node.close();
    throw error;
  });
  const stats = setInterval(() => screen.stats([liveStats(swarm)]), 1000);
  return {
    swarm,
    peerPort: node.port,
    over,
    fail,
    async close() {
      if (ended) await linger(swarm, LINGER_MS, stop);
      clearInterval(stats);
      screen.stats([liveStats(swarm)]);
      await node.close();
      screen.close();
    },
  };
}

/** Others that play a little later than we did want the end, too. A guess: more than most lags. */
const LINGER_MS = 3000;
/** Older pieces of one viewer; at 2 Mbit/s, an hour's window fits. */
const DISK_BYTES_MAX = 1024 ** 3;
