/**
 * Whom to dial next: an address book without sockets or clock.
 *
 * The source and the peers that a person named are tried for ever, the more rarely the longer they do not answer;
 * others get a few tries. What strangers tell is bounded.
 */
import type { CloseReason, PeerAddress } from '@tstream/wire-ext';
import { endpointText, type HostPort, hostPortText } from './address.js';

/** Who told of a candidate; the first ones are dialled first. */
export type Origin = 'explicit' | 'source' | 'tracker' | 'pex';

export interface Candidate {
  readonly where: HostPort;
  readonly origin: Origin;
  state: 'idle' | 'busy';
  /** Failures in a row. */
  failures: number;
  nextTryMs: number;
  /** Peer id in hex of who answered there last: it may also have come to us. */
  peerId?: string | undefined;
}

/** How dialling a candidate, or the connection that came of it, ended. */
export type Outcome =
  /** Nobody listens there. */
  | 'unreachable'
  /** Somebody listens, and is no peer of this swarm. */
  | 'stranger'
  /** It was open for a while. */
  | 'lost'
  | CloseReason;

export class Candidates {
  readonly #random: (below: number) => number;
  readonly #candidates = new Map<string, Candidate>();

  /** @param random - Uniform integer in [0, below). */
  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#candidates.size;
  }

  /** Adds one that a person or the stream's own file names. */
  addLasting(where: HostPort, origin: 'explicit' | 'source'): void {
    const key = hostPortText(where);
    const known = this.#candidates.get(key);
    if (known && isLasting(known)) return;
    this.#candidates.set(key, { where, origin, state: 'idle', failures: 0, nextTryMs: 0 });
  }

  /** Adds what a tracker or a neighbour tells; the oldest such goes when there are too many. */
  addTold(peers: readonly PeerAddress[], origin: 'tracker' | 'pex'): void {
    for (const peer of peers) {
      const key = endpointText(peer);
      if (this.#candidates.has(key)) continue;
      if (this.#candidates.size >= CANDIDATES_MAX && !this.#dropOne()) return;
      const where = { host: peer.address, port: peer.port };
      this.#candidates.set(key, { where, origin, state: 'idle', failures: 0, nextTryMs: 0 });
    }
  }

  /**
   * Takes the next one to dial; it is busy until {@link ended}.
   * @param wanted - More neighbours are wanted; else only lasting ones are tried.
   * @param isConnected - Whether it is a neighbour already.
   */
  take(nowMs: number, wanted: boolean, isConnected: (candidate: Candidate) => boolean): Candidate | undefined {
    let best: Candidate | undefined;
    for (const candidate of this.#candidates.values()) {
      if (candidate.state === 'busy' || candidate.nextTryMs > nowMs) continue;
      if (!wanted && !isLasting(candidate)) continue;
      if (isConnected(candidate)) continue;
      if (!best || ORIGINS.indexOf(candidate.origin) < ORIGINS.indexOf(best.origin)) best = candidate;
    }
    if (best) best.state = 'busy';
    return best;
  }

  /** It answered as a peer of this swarm, and joined. */
  answered(candidate: Candidate): void {
    candidate.failures = 0;
  }

  /** @param peerId - In hex, if somebody said one. */
  ended(candidate: Candidate, outcome: Outcome, nowMs: number, peerId?: string): void {
    candidate.state = 'idle';
    candidate.peerId = peerId;
    candidate.failures += 1;
    const delayMs = this.#delayMs(candidate, outcome);
    if (delayMs === undefined) this.#candidates.delete(hostPortText(candidate.where));
    // Spread over ± 25 %, so that a swarm does not come back in one moment.
    else candidate.nextTryMs = nowMs + delayMs - Math.floor(delayMs / 4) + this.#random(Math.floor(delayMs / 2) + 1);
  }

  /** @returns undefined: never again. */
  #delayMs({ origin, failures }: Candidate, outcome: Outcome): number | undefined {
    if (outcome === 'self' || outcome === 'not-live') return isLasting({ origin }) ? LONG_MS : undefined;
    if (outcome === 'banned') return BANNED_MS;
    if (outcome === 'full' || outcome === 'duplicate') return isLasting({ origin }) ? FULL_MS : LONG_MS;
    if (!isLasting({ origin })) return failures < TRIES ? RETRY_MS * 3 ** (failures - 1) : undefined;
    // Somebody's web server, or a proxy without its source: no reason to knock every few seconds.
    if (outcome === 'stranger' && failures > TRIES) return LONG_MS;
    return Math.min(LASTING_MS_MAX, LASTING_MS * 2 ** (failures - 1));
  }

  #dropOne(): boolean {
    for (const [key, candidate] of this.#candidates) {
      if (candidate.state === 'busy' || isLasting(candidate)) continue;
      return this.#candidates.delete(key);
    }
    return false;
  }
}

function isLasting({ origin }: Pick<Candidate, 'origin'>): boolean {
  return origin === 'explicit' || origin === 'source';
}

const ORIGINS: readonly Origin[] = ['explicit', 'source', 'tracker', 'pex'];
const CANDIDATES_MAX = 500;
const TRIES = 3;
const RETRY_MS = 5000;
/** A source that was restarted is found again within five seconds. */
const LASTING_MS = 500;
const LASTING_MS_MAX = 5000;
const FULL_MS = 30_000;
const LONG_MS = 300_000;
const BANNED_MS = 600_000;
