import { formatDuration, formatShare } from '../format.js';
import type { Neighbour } from './neighbour.js';

/**
 * What to call each neighbour where there is little room: its address, with the port only where several share the host.
 * @returns Names by neighbour id.
 */
export function namesOf(neighbours: readonly Neighbour[]): ReadonlyMap<string, string> {
  const hosts = neighbours.map(({ address }) => hostOf(address));
  const once = new Set(hosts.filter((host) => hosts.indexOf(host) === hosts.lastIndexOf(host)));
  return new Map(
    neighbours.map((neighbour, i) => {
      const host = hosts[i] ?? '';
      if (neighbour.isSource) return [neighbour.id, 'broadcaster'];
      if (neighbour.address === '') return [neighbour.id, neighbour.id.slice(0, 8)];
      return [neighbour.id, once.has(host) ? host : neighbour.address];
    }),
  );
}

/** The host of `host:port`, without the brackets of IPv6. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** All that is known about a neighbour, in one line. */
export function tellAbout(neighbour: Neighbour): string {
  const known = [
    neighbour.address,
    neighbour.client || 'unknown program',
    `here for ${formatDuration(neighbour.ageMs)}`,
  ];
  if (neighbour.rttMs !== undefined) known.push(`${Math.round(neighbour.rttMs)} ms away`);
  if (neighbour.behindPieces !== undefined) known.push(behind(neighbour.behindPieces));
  if (neighbour.heldShare !== undefined) known.push(`has ${formatShare(neighbour.heldShare, 1)}`);
  if (neighbour.strikes > 0) known.push(`${neighbour.strikes} strikes`);
  return known.filter((part) => part !== '').join(' · ');
}

function behind(pieces: number): string {
  if (pieces <= 0) return 'at the edge';
  return `${pieces} ${pieces === 1 ? 'piece' : 'pieces'} behind`;
}
