import type { PeerEvent } from '@tstream/peer-core';
import { type Broadcast, type Member, type Stretch, Swarm, type SwarmConfig, standInSuite } from '../src/index.js';

/** Two hours of ring, half an hour of window, in pieces of 150 ms; everybody 20 ms from everybody. */
export function swarmOf(config: Partial<SwarmConfig> = {}): Swarm {
  return new Swarm({
    seed: 1,
    ringPieces: 48_000,
    windowPieces: 12_000,
    pieceBytes: 65_536,
    delayMs: () => 20,
    suite: standInSuite,
    ...config,
  });
}

/** 2 Mbit/s in pieces of 150 ms, an entry point each 1.5 s. */
export const TWO_MEGABIT: Stretch = {
  pieces: Infinity,
  everyMs: 150,
  bytes: () => 37_500,
  entryEvery: 10,
  entryOffset: 188,
};

/** What is wrong with what a reader got: nothing, if it is one unbroken range of what was made, from an entry point on. */
export function faultsOf(viewer: Member, broadcast: Broadcast): string[] {
  const faults: string[] = [];
  const [first] = viewer.reads;
  if (!first) return ['read nothing'];
  let seq = first.seq;
  for (const [i, read] of viewer.reads.entries()) {
    const header = broadcast.made[read.seq];
    if (read.run !== broadcast.run || read.seq !== seq) faults.push(`read ${read.run}/${read.seq}, not ${seq}`);
    if (header?.payloadBytes !== read.payloadBytes) faults.push(`${read.seq}: ${read.payloadBytes} bytes`);
    const fromByte = i === 0 ? header?.entryOffset : 0;
    if (read.fromByte !== fromByte) faults.push(`${read.seq}: from byte ${read.fromByte}, not ${fromByte}`);
    if (i > 0 && read.discontinuity) faults.push(`${read.seq}: discontinuity ${read.discontinuity}`);
    seq = read.seq + 1;
  }
  return faults;
}

/** Names of what happened to a peer, in order. */
export function eventsOf(member: Member): string[] {
  return member.events.map(({ event }) => event.type);
}

/** When it happened to a peer, milliseconds. */
export function timesOf(member: Member, type: PeerEvent['type']): number[] {
  return member.events.filter(({ event }) => event.type === type).map(({ atMs }) => atMs);
}
