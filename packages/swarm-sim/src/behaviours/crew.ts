/** Peers that work together and know each other by their ids: a coalition, or the ids of one operator. */
export class Crew {
  readonly #ids = new Set<string>();

  /** @param peerId - 20 bytes. */
  enlist(peerId: Uint8Array): void {
    this.#ids.add(peerId.join());
  }

  has(peerId: Uint8Array): boolean {
    return this.#ids.has(peerId.join());
  }
}
