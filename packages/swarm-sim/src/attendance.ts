/** Who comes, whom each is told of, and who goes: the same for a run and for the references that stand beside it. */
import { drawShare, isHonestViewer, type Visit, visitsOf } from './population.js';
import { Random } from './random.js';
import type { MassLeave, PeerClass, Scenario } from './scenario.js';
import { type Mesh, Tracker } from './tracker.js';

/** Where peers come and go. */
export interface Stage<Peer> extends Mesh<Peer> {
  /** Virtual time, milliseconds. */
  nowMs(): number;
  /** Has something done then; what is due at the same time is done in the order of these calls. */
  at(atMs: number, act: () => void): void;
  /** A peer of a class comes. @param number - Its place in the order of arrival, from 1 on. @returns Undefined if it takes no part. */
  enter(peerClass: PeerClass, classIndex: number, number: number): Peer | undefined;
  leave(peer: Peer): void;
}

/**
 * Has the peers of a scenario come and go, and look for neighbours. With the same seed the same ones come and go at the same times, and
 * are told of the same others as long as as many of them have as many neighbours.
 */
export class Attendance<Peer> {
  readonly #scenario: Scenario;
  readonly #chance: Random;
  readonly #stage: Stage<Peer>;
  readonly #tracker: Tracker<Peer>;
  readonly #online = new Map<Peer, Present>();
  #source: Peer | undefined;
  #arrivals = 0;

  constructor(scenario: Scenario, seed: number, stage: Stage<Peer>) {
    const { neighbours, links } = scenario;
    this.#scenario = scenario;
    this.#chance = new Random(seed + ATTENDANCE_SEEDS);
    this.#stage = stage;
    this.#tracker = new Tracker(stage, this.#chance.fork(), neighbours, links.failPerMillion ?? 0);
  }

  /** Plans all visits. To be called once, at time 0. */
  begin(source: Peer): void {
    const { peers, events = [], seconds } = this.#scenario;
    this.#source = source;
    this.#tracker.list(source);
    for (const [classIndex, peerClass] of peers.entries()) {
      for (const visit of visitsOf(peerClass, this.#chance.fork())) {
        if (visit.fromMs < seconds * 1000)
          this.#stage.at(visit.fromMs, () => this.#enter(peerClass, classIndex, visit));
      }
    }
    for (const event of events) this.#stage.at(event.atSeconds * 1000, () => this.#leaveTogether(event));
    this.#lookForNeighbours(source, 0);
  }

  #enter(peerClass: PeerClass, classIndex: number, { untilMs }: Visit): void {
    const stage = this.#stage;
    this.#arrivals += 1;
    const number = this.#arrivals;
    const peer = stage.enter(peerClass, classIndex, number);
    if (peer === undefined) return;
    this.#online.set(peer, { peerClass, number });
    if (peerClass.reachable !== false) this.#tracker.list(peer);
    // All who come at the same time are listed before the first of them looks.
    stage.at(stage.nowMs(), () => {
      this.#callSource(peer);
      this.#look(peer, peerClass);
    });
    if (untilMs < this.#scenario.seconds * 1000) stage.at(untilMs, () => this.#leave(peer));
  }

  /** Has a peer leave before its time. */
  dismiss(peer: Peer): void {
    this.#leave(peer);
  }

  #leave(peer: Peer): void {
    if (!this.#online.delete(peer)) return;
    this.#tracker.remove(peer);
    this.#stage.leave(peer);
  }

  #leaveTogether({ leave }: MassLeave): void {
    const those = [...this.#online].filter(([, { peerClass }]) => {
      return leave.of === 'all' || leave.of === peerClass.name || (leave.of === 'honest' && isHonestViewer(peerClass));
    });
    for (const [peer] of drawShare(those, leave.share, this.#chance)) this.#leave(peer);
  }

  /** Each peer sees to its neighbours once a second, a tenth of them at a time. */
  #lookForNeighbours(source: Peer, turn: number): void {
    if (turn === 0) this.#tracker.look(source, false);
    for (const [peer, { peerClass, number }] of this.#online) if (number % TURNS === turn) this.#look(peer, peerClass);
    this.#stage.at(this.#stage.nowMs() + 1000 / TURNS, () => this.#lookForNeighbours(source, (turn + 1) % TURNS));
  }

  #look(peer: Peer, { role }: PeerClass): void {
    if (this.#online.has(peer)) this.#tracker.look(peer, role === 'seed');
  }

  /** A live stream's file says where its source is: who comes calls there, whatever the tracker tells. */
  #callSource(peer: Peer): void {
    if (this.#scenario.video.onDemand !== undefined) return;
    if (this.#source !== undefined && this.#online.has(peer)) this.#tracker.call(peer, this.#source);
  }
}

interface Present {
  readonly peerClass: PeerClass;
  readonly number: number;
}

const TURNS = 10;
/** The swarm draws from the seed itself: what is drawn here must not be the same numbers. */
const ATTENDANCE_SEEDS = 2 ** 32;
