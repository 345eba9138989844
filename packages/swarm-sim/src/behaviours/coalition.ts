import { createPeer, type Peer, type PeerConfig } from '@tstream/peer-core';
import type { Crew } from './crew.js';
import { disguise } from './disguise.js';
import { Notebook } from './notebook.js';
import { vouch } from './vouching.js';

/** Forwards to its own crew what it gets, nothing to anybody else, and says to all that its crew forwards everything. */
export function createCoalitionMember(config: PeerConfig, nowMs: number, crew: Crew): Peer {
  const { picker } = config;
  const notebook = new Notebook();
  const isAlly = ({ id }: { readonly id: number }) => {
    const peerId = notebook.neighbours.get(id);
    return peerId !== undefined && crew.has(peerId);
  };
  const peer = createPeer(
    {
      ...config,
      picker: {
        want: (view) => picker.want(view),
        offer: (view) => picker.offer({ ...view, neighbours: view.neighbours.filter(isAlly) }),
      },
    },
    nowMs,
  );
  const knowing = disguise(peer, nowMs, {
    hears(input) {
      notebook.readInput(input);
      return true;
    },
  });
  return vouch(knowing, config, nowMs, crew);
}
