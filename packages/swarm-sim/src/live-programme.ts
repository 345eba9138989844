import type { LineConfig } from './access-line.js';
import { createBehaviour } from './behaviours/create-behaviour.js';
import { Crew } from './behaviours/crew.js';
import type { Broadcast } from './broadcast.js';
import type { Member } from './member.js';
import { watched } from './metrics/rankings.js';
import { Recorder, RUN } from './metrics/recorder.js';
import type { Observer } from './observer.js';
import { pickerNamed } from './policies.js';
import type { Programme, ProgrammeFigures, Staging } from './programme.js';
import { besideReferences, referencesOf } from './references.js';
import type { PeerClass } from './scenario.js';
import type { MemberConfig } from './swarm.js';

/** A source that makes pieces as time goes by, and viewers who play them at a lag. */
export class LiveProgramme implements Programme {
  readonly #staging: Staging;
  readonly #broadcast: Broadcast;
  readonly #recorder: Recorder;
  readonly #common: Partial<MemberConfig>;
  readonly #crews: readonly Crew[];
  /** The first of each class: Sybils share its line. */
  readonly #first: (Member | undefined)[] = [];

  constructor(staging: Staging) {
    const { scenario, options, plan, swarm, choker, sourceLine } = staging;
    this.#staging = staging;
    const picker = options.picker ?? pickerNamed(scenario.policies?.picker ?? 'default');
    this.#common = { picker, choker, lagMs: plan.lagMs };
    this.#crews = scenario.peers.map(() => new Crew());
    this.#broadcast = swarm.addSource(RUN, { picker, choker, line: sourceLine });
    const isWhole = (member: Member, seq: number) => member.store.isWhole(RUN, seq);
    this.#recorder = new Recorder(scenario.peers, plan, isWhole, this.#broadcast);
    this.#publishFrom(0);
  }

  get source(): Member {
    return this.#broadcast.member;
  }

  get observer(): Observer {
    return this.#recorder;
  }

  enter(peerClass: PeerClass, classIndex: number, line: LineConfig): Member {
    const member = this.#add(peerClass, classIndex, line);
    this.#crews[classIndex]?.enlist(member.id);
    this.#first[classIndex] ??= member;
    this.#recorder.roster.enter(member, classIndex, this.#staging.swarm.nowMs);
    return member;
  }

  leave(member: Member): void {
    this.#recorder.roster.leave(member, this.#staging.swarm.nowMs);
  }

  begin(): void {
    this.#recorder.ledger.begin();
  }

  look(atMs: number): void {
    this.#recorder.ledger.look(atMs);
  }

  figures(atMs: number): ProgrammeFigures {
    const { scenario, options } = this.#staging;
    const figures = this.#recorder.ledger.figures(atMs);
    return { ...figures, classes: besideReferences(figures.classes, referencesOf(scenario, options, atMs)) };
  }

  #add({ role, behaviour }: PeerClass, classIndex: number, line: LineConfig): Member {
    const { swarm, choker: own } = this.#staging;
    let member: Member | undefined;
    const choker = watched(own, (facts, ranks) => {
      if (member) this.#recorder.ledger.ranked(member, facts, ranks, swarm.nowMs);
    });
    const config = { ...this.#common, line, choker };
    if (role === 'seed') return (member = swarm.addSeed(config));
    const crew = this.#crews[classIndex] as Crew;
    const sharing = behaviour === 'sybil' ? this.#first[classIndex] : undefined;
    return (member = swarm.addViewer({ ...config, sharing }, (peerConfig, nowMs) =>
      createBehaviour(behaviour, peerConfig, { nowMs, crew }),
    ));
  }

  #publishFrom(seq: number): void {
    const { plan, swarm } = this.#staging;
    const { video } = plan;
    const wholeMs = video.wholeMs(seq);
    if (wholeMs > plan.endMs) return;
    swarm.at(wholeMs, () => {
      const entryOffset = video.isEntry(seq) ? 0 : undefined;
      this.#broadcast.publish(video.payloadBytes(seq), wholeMs - video.firstByteMs(seq), entryOffset);
      this.#publishFrom(seq + 1);
    });
  }
}
