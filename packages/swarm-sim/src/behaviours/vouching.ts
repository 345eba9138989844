/** False witnesses: whatever you gave to one of us has reached me by it. */
import type { ConnectionId, Output, Peer, PeerConfig } from '@tstream/peer-core';
import type { PeerName } from '@tstream/wire-ext';
import type { Crew } from './crew.js';
import { disguise } from './disguise.js';
import { createFreeRider } from './free-rider.js';
import { Notebook } from './notebook.js';

/** Forwards nothing, and says that it and its crew forwarded all there is. */
export function createForwardLiar(config: PeerConfig, nowMs: number, crew: Crew): Peer {
  return vouch(createFreeRider(config, nowMs), config, nowMs, crew);
}

/** Has a peer say in each WITNESS, in place of who delivered what to it, that its crew delivered everything. */
export function vouch(peer: Peer, config: PeerConfig, nowMs: number, crew: Crew): Peer {
  const notebook = new Notebook();
  return disguise(peer, nowMs, {
    hears(input) {
      notebook.readInput(input);
      return true;
    },
    does(output) {
      notebook.readOutput(output);
      return output.type === 'send' && output.message.type === 'witness' ? [] : [output];
    },
    everyMs: VOUCH_EVERY_MS,
    adds() {
      const names = drawNames(crew.names, config.random);
      return [...notebook.neighbours.keys()].flatMap((connection) => testimony(connection, notebook, names));
    },
  });
}

/** As many as fit into a message. */
function drawNames(names: readonly PeerName[], random: PeerConfig['random']): readonly PeerName[] {
  if (names.length <= REPORTS_MAX) return names;
  const from = random(names.length);
  return [...names.slice(from), ...names.slice(0, from)].slice(0, REPORTS_MAX);
}

function testimony(connection: ConnectionId, { newest }: Notebook, names: readonly PeerName[]): Output[] {
  if (!newest || names.length === 0) return [];
  const { run, seq } = newest.header;
  const base = Math.max(0, seq - 8 * BITMAP_BYTES + 1);
  const reports = names.map((name) => ({ name, bitmap: new Uint8Array(BITMAP_BYTES).fill(0xff) }));
  return [{ type: 'send', connection, message: { type: 'witness', run, base, names: [], reports } }];
}

/** As often as ranks are renewed. */
const VOUCH_EVERY_MS = 1000;
/** spec/0003 §4.12: a message holds so many reports, and a report so many pieces. */
const REPORTS_MAX = 64;
const BITMAP_BYTES = 32;
