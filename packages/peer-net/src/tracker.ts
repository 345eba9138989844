/** What an announce to a tracker says and what comes back, whatever carries it. */
import type { PeerAddress } from '@tstream/wire-ext';

export interface Announce {
  readonly infohash: Uint8Array;
  readonly peerId: Uint8Array;
  /** Where we listen. */
  readonly port: number;
  readonly event: 'started' | 'stopped' | 'completed' | undefined;
  readonly upBytes: number;
  readonly downBytes: number;
  /** 0: all is there. Never 0 in a live swarm, where nobody is complete. */
  readonly leftBytes: number;
  readonly peersWanted: number;
}

export interface Announced {
  /** When the tracker wants to hear of us again. */
  readonly intervalMs: number;
  /** At most {@link PEERS_MAX}. */
  readonly peers: readonly PeerAddress[];
  /** Who said so. */
  readonly teller: string;
}

/** BEP 23: 4 bytes of address, 2 of port; BEP 7: 16 and 2. */
export function compactPeers(bytes: Uint8Array, addressBytes: 4 | 16): PeerAddress[] {
  const peers: PeerAddress[] = [];
  const step = addressBytes + 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + step <= bytes.length && peers.length < PEERS_MAX; at += step) {
    const port = view.getUint16(at + addressBytes);
    if (port !== 0) peers.push({ address: addressText(view, at, addressBytes), port });
  }
  return peers;
}

function addressText(view: DataView, at: number, addressBytes: 4 | 16): string {
  if (addressBytes === 4) return [0, 1, 2, 3].map((byte) => view.getUint8(at + byte)).join('.');
  return [0, 2, 4, 6, 8, 10, 12, 14].map((byte) => view.getUint16(at + byte).toString(16)).join(':');
}

/** Trackers answer 50 to 200. */
export const PEERS_MAX = 200;

/** The tracker cannot be reached, or does not answer as one; one line. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
}
