/** A real peer in an attacker's hands: what it hears is chosen, what it does is altered, words of the attacker's own are added. */
import type { Input, Output, Peer } from '@tstream/peer-core';

/** What an attacker does to its peer. */
export interface Tricks {
  /** Whether the peer is told of this. */
  readonly hears: (input: Input) => boolean;
  /** What is done in place of what the peer asks for. */
  readonly does: (output: Output) => readonly Output[];
  /** What the peer is told at once when it has asked for something: lies about what came of it. */
  readonly answers: (output: Output) => readonly Input[];
  /** What is done beside what the peer asks for, each `everyMs`. */
  readonly adds: () => readonly Output[];
  /** Infinity: never. */
  readonly everyMs: number;
}

/** Puts a peer into an attacker's hands; it is driven like any other. */
export function disguise(peer: Peer, nowMs: number, some: Partial<Tricks>): Peer {
  const tricks: Tricks = { ...HONEST, ...some };
  let timeMs = nowMs;
  let addsMs = nowMs + tricks.everyMs;
  const added: Output[] = [];
  return {
    figures: () => peer.figures(),
    pieceStrip: (piecesMax) => peer.pieceStrip(piecesMax),
    handle(input, atMs) {
      timeMs = atMs;
      if (atMs >= addsMs) {
        addsMs = atMs + tricks.everyMs;
        added.push(...tricks.adds());
      }
      peer.handle(tricks.hears(input) ? input : { type: 'time' }, atMs);
    },
    poll() {
      const outputs = added.splice(0);
      for (let asked = peer.poll(); asked.length > 0; asked = peer.poll()) {
        for (const output of asked) outputs.push(...tricks.does(output));
        for (const output of asked) for (const input of tricks.answers(output)) peer.handle(input, timeMs);
      }
      return outputs;
    },
    get nextDeadlineMs() {
      return Math.min(peer.nextDeadlineMs, addsMs);
    },
  };
}

const HONEST: Tricks = {
  hears: () => true,
  does: (output) => [output],
  answers: () => [],
  adds: () => [],
  everyMs: Infinity,
};
