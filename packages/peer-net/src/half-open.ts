import type { Socket } from 'node:net';

/**
 * Accepted sockets that have not yet shown what they are good for.
 *
 * When there are too many, the oldest of the address that has most of them goes: an honest peer is through within a
 * round trip, so the crowd never keeps it out.
 */
export class HalfOpen {
  readonly #total: number;
  readonly #perAddress: number;
  /** Sockets of each address, the oldest first. */
  readonly #sockets = new Map<string, Set<Socket>>();
  #size = 0;

  constructor(total: number, perAddress: number) {
    this.#total = total;
    this.#perAddress = perAddress;
  }

  get size(): number {
    return this.#size;
  }

  add(address: string, socket: Socket): void {
    let own = this.#sockets.get(address);
    if (!own) this.#sockets.set(address, (own = new Set()));
    if (own.has(socket)) return;
    own.add(socket);
    this.#size += 1;
    if (own.size > this.#perAddress) this.#evict(address, own);
    else if (this.#size > this.#total) this.#evict(...this.#mostCrowded());
  }

  delete(address: string, socket: Socket): void {
    const own = this.#sockets.get(address);
    if (!own?.delete(socket)) return;
    this.#size -= 1;
    if (own.size === 0) this.#sockets.delete(address);
  }

  #evict(address: string, sockets: ReadonlySet<Socket>): void {
    for (const oldest of sockets) {
      this.delete(address, oldest);
      oldest.destroy();
      return;
    }
  }

  #mostCrowded(): [string, ReadonlySet<Socket>] {
    let most: [string, ReadonlySet<Socket>] = ['', new Set()];
    for (const entry of this.#sockets) if (entry[1].size > most[1].size) most = entry;
    return most;
  }
}
