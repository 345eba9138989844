import type { PeerEvent } from '@tstream/peer-core';
import { newestFirst, type PiecePicker } from '@tstream/piece-picker';
import {
  type Broadcast,
  type Member,
  type Read,
  type Stretch,
  Swarm,
  type SwarmConfig,
  standInSuite,
} from '../src/index.js';

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

/**
 * What is wrong with what a reader got: nothing, if it is one unbroken range of what was made, from an entry point on, and then
 * later runs, each from its first piece on.
 */
export function faultsOf(viewer: Member, ...broadcasts: readonly Broadcast[]): string[] {
  const faults: string[] = [];
  let before: Read | undefined;
  for (const read of viewer.reads) {
    const { run, seq, fromByte, payloadBytes, discontinuity } = read;
    const header = broadcasts.find((broadcast) => broadcast.run === run)?.made[seq];
    const begins = before?.run !== run;
    if (!header) faults.push(`${run}/${seq}: nobody made it`);
    if (before && begins && (run < before.run || seq !== 0)) faults.push(`${run}/${seq} after run ${before.run}`);
    if (before && !begins && seq !== before.seq + 1) faults.push(`${run}/${seq} after ${before.seq}`);
    if (header?.payloadBytes !== payloadBytes) faults.push(`${run}/${seq}: ${payloadBytes} bytes`);
    if (fromByte !== (begins ? header?.entryOffset : 0)) faults.push(`${run}/${seq}: from byte ${fromByte}`);
    if (discontinuity !== (begins && before !== undefined))
      faults.push(`${run}/${seq}: discontinuity ${discontinuity}`);
    before = read;
  }
  return before ? faults : ['read nothing'];
}

/** Sequence numbers of what was read of a run, first and last; undefined if nothing. */
export function rangeOf(viewer: Member, run: number): readonly [number, number] | undefined {
  const seqs = viewer.reads.filter((read) => read.run === run).map((read) => read.seq);
  const [first] = seqs;
  return first === undefined ? undefined : [first, seqs.at(-1) ?? first];
}

/** Offers each neighbour what it lacks, oldest first; some pieces are held back. */
export function withholding(isHeldBack: (seq: number) => boolean): PiecePicker {
  return {
    want: newestFirst.want,
    offer({ neighbours, offerable, fromSeq }) {
      for (const neighbour of neighbours) {
        if (neighbour.startSeq === Infinity) continue;
        let seq = offerable.nextFrom(Math.max(neighbour.startSeq, fromSeq));
        while (seq >= 0 && (neighbour.known.has(seq) || isHeldBack(seq))) seq = offerable.nextFrom(seq + 1);
        if (seq >= 0) return { neighbour, seq };
      }
      return undefined;
    },
  };
}

/** Names of what happened to a peer, in order. */
export function eventsOf(member: Member): string[] {
  return member.events.map(({ event }) => event.type);
}

/** When it happened to a peer, milliseconds. */
export function timesOf(member: Member, type: PeerEvent['type']): number[] {
  return member.events.filter(({ event }) => event.type === type).map(({ atMs }) => atMs);
}
