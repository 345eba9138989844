/** What is told of a live swarm. */
import { banLine, formatDuration, formatRate } from '@tstream/command-line';
import type { Swarm, SwarmEvent } from '@tstream/peer-net';
import type { Stats } from './console.js';

export function liveStats(swarm: Swarm): Stats {
  const figures = swarm.figures();
  const { neighbours: _neighbours, pieces: _pieces, ...json } = figures;
  return { json, text: summary(figures) };
}

function summary(figures: ReturnType<Swarm['figures']>): string {
  const { bytesFromPeers, bytesFromSource, latencyMs, stalls } = figures;
  const received = bytesFromPeers + bytesFromSource;
  const parts = [
    `${figures.title}: ${figures.stateText.replace(/\.$/, '')}`,
    `${figures.peers} ${figures.peers === 1 ? 'neighbour' : 'neighbours'}`,
    `down ${formatRate(figures.downBitsPerSecond)}`,
    `up ${formatRate(figures.upBitsPerSecond)}`,
  ];
  if (received > 0) parts.push(`${Math.round((100 * bytesFromPeers) / received)} % from viewers`);
  if (latencyMs !== null && figures.state !== 'idle')
    parts.push(`${formatDuration(Math.max(0, latencyMs))} behind the camera`);
  if (stalls > 0) parts.push(`${stalls} ${stalls === 1 ? 'stall' : 'stalls'}`);
  return parts.join(', ');
}

/** What of a swarm's events a person wants to read. */
export function eventLine(event: SwarmEvent): string | undefined {
  switch (event.type) {
    case 'stale':
      return 'Nothing new from the broadcaster; waiting for it.';
    case 'live':
      return 'The broadcaster is back.';
    case 'trackerUnreachable':
      return `The tracker ${event.url} does not answer (${event.reason}); it is tried again.`;
    case 'banned':
      return banLine(event);
    case 'storageTrouble':
      return event.reason;
    default:
      return undefined;
  }
}
