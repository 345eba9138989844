/**
 * Delivery with perfect knowledge and no protocol: whenever a line is free, its peer sends at once the newest piece that a neighbour lacks
 * and that nobody is sending to it. No message is sent, answered or awaited, no line carries anything but video, one piece is sent at a
 * time, and a piece that was lost is known to be when it should have come. Viewers, lines, delays, losses and trackers are a run's.
 */
import { Attendance } from '../attendance.js';
import { EventQueue } from '../event-queue.js';
import { LineRates } from '../line-rates.js';
import { createLinks, type DelayTable, type Links } from '../links.js';
import { Tally } from '../metrics/tally.js';
import { Viewing } from '../metrics/viewing.js';
import { type Plan, planOf } from '../plan.js';
import { isHonestViewer, isViewer } from '../population.js';
import { Random } from '../random.js';
import type { PeerClass, Scenario } from '../scenario.js';
import { choose, chooseForwarder, type Order } from './choice.js';
import { PieceRing, ReferencePeer, type Transfer } from './peer.js';

type Event =
  | { readonly kind: 'made'; readonly seq: number }
  | { readonly kind: 'sent'; readonly transfer: Transfer }
  /** The last byte came to the receiver's line; `served`: and through it. */
  | { readonly kind: 'arrival'; readonly transfer: Transfer; readonly firstUs: number; readonly served: boolean }
  | { readonly kind: 'act'; readonly act: () => void };

export class ReferenceModel {
  /** What became of each class's viewers. */
  readonly tallies: readonly Tally[];
  readonly #scenario: Scenario;
  readonly #plan: Plan;
  readonly #order: Order;
  readonly #links: Links;
  readonly #rates: LineRates;
  readonly #chance: Random;
  readonly #ring: PieceRing;
  readonly #events = new EventQueue<Event>();
  readonly #source: ReferencePeer;
  readonly #online = new Set<ReferencePeer>();
  /** Of each piece of the ring's, how many of those who forward have it or are being sent it. */
  readonly #copies: Uint32Array;
  #nowUs = 0;
  /** What each peer that came can send, bytes per second. */
  readonly #uploads = new Set<number>();

  constructor(scenario: Scenario, seed: number, order: Order, measuredDelays: DelayTable | undefined) {
    this.#scenario = scenario;
    this.#plan = planOf(scenario);
    this.#order = order;
    this.#links = createLinks(scenario, seed, measuredDelays);
    this.#rates = new LineRates(scenario, seed);
    this.#chance = new Random(seed + REFERENCE_SEEDS);
    this.#ring = new PieceRing(this.#plan.windowPieces);
    this.#copies = new Uint32Array(32 * this.#ring.words);
    this.tallies = scenario.peers.map(() => new Tally());
    const upload = scenario.source.upload * this.#plan.bytesPerSecond;
    this.#source = new ReferencePeer(0, upload, Infinity, undefined, this.#ring.words);
    this.#links.settle(0, undefined);
    this.#online.add(this.#source);
    this.#planPiece(0);
    this.#createAttendance(seed).begin(this.#source);
  }

  /** Lets time pass until then. Nothing can be measured after that: everybody leaves the figures. */
  runToEnd(endMs: number): void {
    const endUs = endMs * 1000;
    while (this.#events.nextUs <= endUs) {
      this.#nowUs = this.#events.nextUs;
      this.#happen(this.#events.pop() as Event);
    }
    for (const { viewing } of this.#online) viewing?.end(endMs);
  }

  /** All who came have the same upload, so that nobody goes first by strength: one order is as the other. */
  get isEven(): boolean {
    return this.#uploads.size <= 1;
  }

  get #nowMs(): number {
    return Math.floor(this.#nowUs / 1000);
  }

  #happen(event: Event): void {
    switch (event.kind) {
      case 'made':
        return this.#made(event.seq);
      case 'sent':
        return this.#sent(event.transfer);
      case 'arrival':
        return this.#arrive(event.transfer, event.firstUs, event.served);
      case 'act':
        return event.act();
    }
  }

  #planPiece(seq: number): void {
    const wholeMs = this.#plan.video.wholeMs(seq);
    if (wholeMs <= this.#plan.endMs) this.#events.push(wholeMs * 1000, { kind: 'made', seq });
  }

  #made(seq: number): void {
    const ring = this.#ring;
    ring.newestSeq = seq;
    if (seq % 32 === 0) {
      const word = ring.wordOf(seq);
      for (const peer of this.#online) peer.held[word] = peer.settled[word] = 0;
      this.#copies.fill(0, 32 * word, 32 * word + 32);
    }
    ring.add(this.#source.held, seq);
    ring.add(this.#source.settled, seq);
    this.#send(this.#source);
    this.#planPiece(seq + 1);
  }

  /** Has a peer send, if its line is free and there is anything to send. */
  #send(from: ReferencePeer): void {
    if (from.sending || !from.alive || from.bytesPerSecond === 0) return;
    const ring = this.#ring;
    const unseen = from === this.#source ? this.#chooseUnseen() : undefined;
    const chosen = unseen ?? choose(from, ring, this.#order, this.#chance);
    if (!chosen) return;
    const { to, seq } = chosen;
    const bytes = this.#plan.video.payloadBytes(seq);
    const transfer: Transfer = { from, to, seq, bytes, failed: this.#chance.below(1_000_000) < this.#lossPerMillion };
    from.sending = transfer;
    ring.add(to.settled, seq);
    this.#countCopy(to, seq, 1);
    const leftUs = this.#nowUs + Math.ceil((bytes * 1_000_000) / from.bytesPerSecond);
    const delayUs = 1000 * this.#links.delayMs(from.number, to.number);
    const firstUs = this.#nowUs + delayUs;
    this.#events.push(leftUs, { kind: 'sent', transfer });
    this.#events.push(leftUs + delayUs, { kind: 'arrival', transfer, firstUs, served: false });
  }

  /** A source sends first, oldest first, what nobody has who passes it on, to one who does: what it passes over once is lost to all. */
  #chooseUnseen(): ReturnType<typeof choose> {
    const ring = this.#ring;
    for (let seq = ring.oldestSeq; seq <= ring.newestSeq; seq += 1) {
      if (this.#copies[this.#copyOf(seq)] !== 0) continue;
      const to = chooseForwarder(seq, this.#source, ring, this.#order, this.#chance);
      if (to) return { seq, to };
    }
    return undefined;
  }

  #sent({ from }: Transfer): void {
    from.sending = undefined;
    this.#send(from);
  }

  #arrive(transfer: Transfer, firstUs: number, served: boolean): void {
    const { to, seq, bytes } = transfer;
    if (transfer.failed || !to.alive) return this.#miss(transfer);
    if (!served) {
      const endUs = to.downlink.take(firstUs, bytes);
      if (endUs > this.#nowUs) return this.#events.push(endUs, { kind: 'arrival', transfer, firstUs, served: true });
    }
    if (!this.#ring.holds(seq)) return;
    this.#ring.add(to.held, seq);
    this.#see(to, seq);
    this.#send(to);
  }

  /** What was sent doesn't come: whoever has it may send it again. */
  #miss({ to, seq }: Transfer): void {
    if (!this.#ring.holds(seq)) return;
    this.#countCopy(to, seq, -1);
    if (!to.alive) return;
    this.#ring.remove(to.settled, seq);
    for (const neighbour of to.neighbours) this.#send(neighbour);
  }

  #see({ viewing }: ReferencePeer, seq: number): void {
    if (!viewing) return;
    const { video, lagMs } = this.#plan;
    if (!viewing.hasBegun)
      viewing.read(seq, lagMs === undefined ? this.#nowMs : Math.max(this.#nowMs, video.firstByteMs(seq) + lagMs));
    viewing.whole(seq, this.#nowMs);
  }

  #createAttendance(seed: number): Attendance<ReferencePeer> {
    return new Attendance<ReferencePeer>(this.#scenario, seed, {
      nowMs: () => this.#nowMs,
      at: (atMs, act) => this.#events.push(Math.max(1000 * atMs, this.#nowUs), { kind: 'act', act }),
      connect: (caller, called) => this.#connect(caller, called),
      connectionsOf: ({ neighbours }) => neighbours.length,
      // Sybils take no part, so nobody shares a line.
      connectionsTo: () => 0,
      enter: (peerClass, classIndex, number) => this.#enter(peerClass, classIndex, number),
      leave: (peer) => this.#leave(peer),
    });
  }

  /** Who harms is seen through at once, and takes no part. Who forwards nothing takes as all do. */
  #enter(peerClass: PeerClass, classIndex: number, number: number): ReferencePeer | undefined {
    this.#links.settle(number, classIndex);
    const { role, behaviour } = peerClass;
    const { upload, download } = this.#rates.next(classIndex);
    const forwards = role === 'seed' || isHonestViewer(peerClass);
    if (!forwards && behaviour !== 'free-rider') return undefined;
    const { bytesPerSecond } = this.#plan;
    const viewing = isViewer(peerClass) ? this.#createViewing(classIndex) : undefined;
    const rate = forwards ? upload * bytesPerSecond : 0;
    const peer = new ReferencePeer(number, rate, download * bytesPerSecond, viewing, this.#ring.words);
    this.#uploads.add(rate);
    this.#ring.addAll(peer.settled);
    this.#online.add(peer);
    return peer;
  }

  #createViewing(classIndex: number): Viewing {
    const measure = { ...this.#plan, lagMs: this.#plan.lagMs ?? LAG_MS };
    return new Viewing(
      measure,
      () => false,
      this.tallies[classIndex] as Tally,
      this.#nowMs,
      () => {},
    );
  }

  #leave(peer: ReferencePeer): void {
    peer.alive = false;
    peer.viewing?.end(this.#nowMs);
    this.#online.delete(peer);
    for (const neighbour of peer.neighbours) neighbour.neighbours.splice(neighbour.neighbours.indexOf(peer), 1);
    if (peer.sending) peer.sending.failed = true;
    const ring = this.#ring;
    for (let seq = ring.oldestSeq; seq <= ring.newestSeq; seq += 1)
      if (ring.has(peer.held, seq)) this.#countCopy(peer, seq, -1);
  }

  #connect(caller: ReferencePeer, called: ReferencePeer): void {
    if (caller === called || !called.alive || caller.neighbours.includes(called)) return;
    caller.neighbours.push(called);
    called.neighbours.push(caller);
    this.#send(caller);
    this.#send(called);
  }

  get #lossPerMillion(): number {
    return this.#scenario.links.lossPerMillion;
  }

  #copyOf(seq: number): number {
    return seq % this.#copies.length;
  }

  /** Who passes nothing on doesn't count. */
  #countCopy({ bytesPerSecond }: ReferencePeer, seq: number, by: number): void {
    if (bytesPerSecond === 0) return;
    const at = this.#copyOf(seq);
    this.#copies[at] = (this.#copies[at] as number) + by;
  }
}

/** Where the scenario lets each viewer find its own lag: what doesn't come within that is lost. */
const LAG_MS = 10_000;
/** Apart from the seeds that all else draws from. */
const REFERENCE_SEEDS = 2 ** 34;
