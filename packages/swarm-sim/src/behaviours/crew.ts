import { type PeerName, peerName } from '@tstream/wire-ext';

/** Peers that work together and know each other: a coalition, or the ids of one operator. */
export class Crew {
  readonly #names = new Set<PeerName>();

  /** How others call its members. */
  get names(): readonly PeerName[] {
    return [...this.#names];
  }

  /** @param peerId - 20 bytes. */
  enlist(peerId: Uint8Array): void {
    this.#names.add(peerName(peerId));
  }

  has(peerId: Uint8Array): boolean {
    return this.#names.has(peerName(peerId));
  }
}
