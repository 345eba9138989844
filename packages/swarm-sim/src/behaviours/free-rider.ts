import { createPeer, type Peer, type PeerConfig } from '@tstream/peer-core';

/** Takes what it is offered, says honestly what it has and what is coming, and offers nobody anything. */
export function createFreeRider(config: PeerConfig, nowMs: number): Peer {
  const { picker } = config;
  return createPeer({ ...config, picker: { want: (view) => picker.want(view), offer: () => undefined } }, nowMs);
}
