/** Announces one swarm to one tracker, again and again: at its interval, sooner while neighbours are few. */
import type { PeerAddress } from '@tstream/wire-ext';
import { type Announce, type Announced, TrackerError } from './tracker.js';
import { announceHttp } from './tracker-http.js';
import { announceUdp } from './tracker-udp.js';

export interface AnnouncerHooks {
  /** What to say now. */
  readonly announce: () => Omit<Announce, 'event'>;
  /** Whether more neighbours are wanted. */
  readonly isLooking: () => boolean;
  readonly onPeers: (peers: readonly PeerAddress[], teller: string) => void;
  /** Once when it stops answering; it is tried again. */
  readonly onUnreachable: (reason: string) => void;
  /** Once when it answers, at first and again after it did not. */
  readonly onReached: () => void;
}

export class Announcer {
  readonly url: string;
  readonly #hooks: AnnouncerHooks;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #state: 'new' | 'reached' | 'unreachable' = 'new';
  #failures = 0;
  #closed = false;
  /** To be said with the next announce. */
  #completed = false;
  #isAsking = false;

  /** @param url - http, https or udp; others are not supported. */
  constructor(url: string, hooks: AnnouncerHooks) {
    this.url = url;
    this.#hooks = hooks;
    void this.#round();
  }

  /** Says that all is there, which trackers count: at once, or when the tracker is reached. */
  completed(): void {
    this.#completed = true;
    if (this.#state !== 'reached' || this.#isAsking) return;
    clearTimeout(this.#timer);
    void this.#round();
  }

  /** Says goodbye, but not for long. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
    if (this.#state !== 'reached') return;
    await this.#ask('stopped', AbortSignal.timeout(GOODBYE_MS_MAX)).catch(() => undefined);
  }

  async #round(): Promise<void> {
    let intervalMs: number;
    this.#isAsking = true;
    try {
      const event = this.#state !== 'reached' ? 'started' : this.#completed ? 'completed' : undefined;
      if (event === 'completed') this.#completed = false;
      const answer = await this.#ask(event, this.#abort.signal);
      if (this.#closed) return;
      this.#failures = 0;
      if (this.#state !== 'reached') this.#hooks.onReached();
      this.#state = 'reached';
      this.#hooks.onPeers(answer.peers, answer.teller);
      intervalMs = clamp(answer.intervalMs, INTERVAL_MS_MIN, INTERVAL_MS_MAX);
      if (this.#hooks.isLooking()) intervalMs = Math.min(intervalMs, LOOKING_MS);
      if (this.#completed) intervalMs = 0;
    } catch (error) {
      if (this.#closed) return;
      if (this.#state !== 'unreachable') this.#hooks.onUnreachable(reasonOf(error));
      this.#state = 'unreachable';
      intervalMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** this.#failures);
      this.#failures += 1;
    }
    this.#isAsking = false;
    this.#timer = setTimeout(() => void this.#round(), intervalMs);
  }

  #ask(event: Announce['event'], signal: AbortSignal): Promise<Announced> {
    const tracker = new URL(this.url);
    const announce = { ...this.#hooks.announce(), event };
    if (tracker.protocol === 'udp:') return announceUdp(tracker, announce, signal);
    if (tracker.protocol === 'http:' || tracker.protocol === 'https:') return announceHttp(tracker, announce, signal);
    return Promise.reject(new TrackerError(`${tracker.protocol.slice(0, -1)} trackers are not supported`));
  }
}

/** Whether {@link Announcer} speaks to it. */
export function isAnnounceable(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'udp:'].includes(new URL(url).protocol);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** BEP 3 trackers say 30 minutes; live swarms change faster. */
const INTERVAL_MS_MIN = 15_000;
const INTERVAL_MS_MAX = 1_800_000;
/** Polite to public trackers, whose `min interval` is often a minute. */
const LOOKING_MS = 60_000;
const RETRY_MS = 2000;
const RETRY_MS_MAX = 120_000;
const GOODBYE_MS_MAX = 1000;
