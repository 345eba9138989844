import { endpointText, isThisMachine } from './address.js';

/** Who is kept out. */
export interface Offender {
  readonly address: string;
  /** Peer id in hex. */
  readonly peerId: string;
  /** Where it listens, if known: it is not dialled either. */
  readonly port?: number | undefined;
}

/**
 * Keeps offenders out for a while: first the pair of address and peer id, after three offences the whole address.
 *
 * A peer id alone is never banned, as anybody can say somebody else's; nor is 127.0.0.1, as everyone on this machine has
 * it.
 */
export class BanList {
  readonly #untilMs = new Map<string, number>();
  readonly #offences = new Map<string, { count: number; untilMs: number }>();

  /** @returns What is kept out from now on. */
  ban(offender: Offender, nowMs: number): 'peer' | 'address' {
    const { address, peerId, port } = offender;
    remember(this.#untilMs, pairKey(address, peerId), nowMs + BAN_MS);
    if (port !== undefined) remember(this.#untilMs, endpointText({ address, port }), nowMs + BAN_MS);
    if (isThisMachine(address)) return 'peer';
    const before = this.#offences.get(address);
    const count = before && before.untilMs > nowMs ? before.count + 1 : 1;
    remember(this.#offences, address, { count, untilMs: nowMs + BAN_MS });
    if (count < OFFENCES_OF_ADDRESS) return 'peer';
    remember(this.#untilMs, address, nowMs + BAN_MS);
    return 'address';
  }

  /** Whether this neighbour, or everybody at its address, is kept out. */
  has(address: string, peerId: string, nowMs: number): boolean {
    return this.hasAddress(address, nowMs) || this.#has(pairKey(address, peerId), nowMs);
  }

  hasAddress(address: string, nowMs: number): boolean {
    return this.#has(address, nowMs);
  }

  /** Whether not to dial this endpoint. */
  hasEndpoint(address: string, port: number, nowMs: number): boolean {
    return this.hasAddress(address, nowMs) || this.#has(endpointText({ address, port }), nowMs);
  }

  /** Entries kept, expired ones included. */
  get size(): number {
    return this.#untilMs.size;
  }

  #has(key: string, nowMs: number): boolean {
    return (this.#untilMs.get(key) ?? -1) > nowMs;
  }
}

/** How long somebody is kept out. */
export const BAN_MS = 600_000;

function pairKey(address: string, peerId: string): string {
  return `${address} ${peerId}`;
}

/** All entries live equally long, so the first in the map is the first to expire. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > ENTRIES_MAX) map.delete(map.keys().next().value as string);
}

const ENTRIES_MAX = 1024;
const OFFENCES_OF_ADDRESS = 3;
