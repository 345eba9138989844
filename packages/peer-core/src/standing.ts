/** What is kept of neighbours as witnesses, and of what they may bear witness of. */
import { type Account, fade, openAccount } from '@tstream/g2g-choker';
import { SeqSet } from '@tstream/sliding-window';
import { type PeerName, peerName } from '@tstream/wire-ext';
import type { Neighbour } from './neighbours.js';

/** What this peer could bear witness of, and whose turn it is to hear it. */
export interface Witnesses<N = Neighbour> {
  /** The newest pieces that came whole, as a ring by their count. */
  readonly receipts: Receipt<N>[];
  received: number;
  /** Pieces received before this had their turns. */
  turnsBelow: number;
  joined: number;
  /** The neighbour that was told last, by the order of joining. */
  toldOrder: number;
}

export interface Receipt<N = Neighbour> {
  readonly run: number;
  readonly seq: number;
  readonly from: N;
}

/** A neighbour as witness, and as one whom others bear witness of. */
export interface Standing {
  readonly name: PeerName;
  /** How many joined before it. */
  readonly order: number;
  /** Those it is connected to, as it said: reports about others are of no use to it. */
  readonly acquainted: Set<PeerName>;
  readonly account: Account;
  /** Who joined before this was named to it. */
  namedBelow: number;
  /** Pieces received before this were reported to it. */
  reportedBelow: number;
}

/** What was offered and given to a neighbour in a run, and what it has borne witness of. */
export interface Exchange {
  readonly offered: SeqSet;
  /** Pieces that went out to it to their last byte. */
  readonly given: SeqSet;
  /** Pieces that its word is worth nothing for: it has spoken, or this peer itself got them from it or gave them to it. */
  readonly settled: SeqSet;
}

export function createWitnesses<N>(): Witnesses<N> {
  return { receipts: [], received: 0, turnsBelow: 0, joined: 0, toldOrder: -1 };
}

/** @param peerId - The neighbour's, 20 bytes. */
export function createStanding(witnesses: Witnesses<unknown>, peerId: Uint8Array): Standing {
  return {
    name: peerName(peerId),
    order: witnesses.joined++,
    acquainted: new Set(),
    account: openAccount(),
    namedBelow: 0,
    reportedBelow: witnesses.received,
  };
}

export function createExchange(): Exchange {
  return {
    offered: new SeqSet(EXCHANGED_PIECES),
    given: new SeqSet(EXCHANGED_PIECES),
    settled: new SeqSet(EXCHANGED_PIECES),
  };
}

/** What others vouch for a neighbour, bytes. Called once a second, as all of it fades by then. */
export function fadedCredit({ account }: Standing): number {
  fade(account);
  return account.creditBytes;
}

/** What is reported was given a few seconds before; also a bound on what a neighbour makes us keep. */
const EXCHANGED_PIECES = 1024;
