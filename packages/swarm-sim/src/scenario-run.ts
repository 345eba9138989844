import type { Choker } from '@tstream/g2g-choker';
import type { PiecePicker } from '@tstream/piece-picker';
import type { LineConfig } from './access-line.js';
import { Attendance } from './attendance.js';
import { createBehaviour } from './behaviours/create-behaviour.js';
import { Crew } from './behaviours/crew.js';
import { failedBounds } from './bounds.js';
import type { Broadcast } from './broadcast.js';
import { createLinks, type DelayTable, type Links } from './links.js';
import type { Member } from './member.js';
import { watched } from './metrics/rankings.js';
import { Recorder, RUN } from './metrics/recorder.js';
import { type Plan, planOf } from './plan.js';
import { chokerNamed, pickerNamed } from './policies.js';
import { besideReferences, referencesOf } from './references.js';
import type { RunResult } from './result.js';
import type { PeerClass, Scenario } from './scenario.js';
import { standInSuite } from './stand-in-suite.js';
import { FAST_LINE, type MemberConfig, Swarm } from './swarm.js';
import { type TraceRecord, tellTrace } from './trace-record.js';

export interface RunOptions {
  /** 0 … 2^32 − 1. Same scenario, same seed, same run. */
  readonly seed: number;
  /** In place of the one that the scenario names. */
  readonly picker?: PiecePicker | undefined;
  readonly choker?: Choker | undefined;
  /** The table of delays that the scenario names by its file, square. */
  readonly measuredDelays?: DelayTable | undefined;
  /** Told of everything, in order. */
  readonly trace?: ((record: TraceRecord) => void) | undefined;
}

/**
 * A scenario under way: let it run to some time, look into its `swarm` (who is there, what each peer says of itself), let it go on. How
 * often it is stopped changes nothing.
 */
export class ScenarioRun {
  readonly swarm: Swarm;
  readonly source: Broadcast;
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #plan: Plan;
  readonly #recorder: Recorder;
  readonly #links: Links;
  readonly #common: Partial<MemberConfig> & Pick<MemberConfig, 'choker'>;
  readonly #crews: readonly Crew[];
  /** The first of each class: Sybils share its line. */
  readonly #first: (Member | undefined)[] = [];
  #nowMs = 0;

  /** @throws {RangeError} If the seed is out of range, or the scenario names a policy that is not ours. */
  constructor(scenario: Scenario, options: RunOptions) {
    const { seed, trace } = options;
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      throw new RangeError(`seed: expected 0..4294967295, got ${seed}`);
    }
    this.#scenario = scenario;
    this.#options = options;
    this.#plan = planOf(scenario);
    this.#links = createLinks(scenario, seed, options.measuredDelays);
    this.#common = this.#commonConfig();
    this.#crews = scenario.peers.map(() => new Crew());
    this.swarm = this.#createSwarm();
    const line = this.#line(scenario.source.upload);
    this.source = this.swarm.addSource(RUN, { ...this.#common, lagMs: undefined, line });
    const { member } = this.source;
    this.#links.settle(member.number, undefined);
    this.#recorder = this.#createRecorder();
    this.swarm.observe(trace ? tellTrace(trace, this.#recorder) : this.#recorder);
    trace?.({ what: 'came', atUs: 0, peer: member.number, of: 'source' });
    this.#publishFrom(0);
    this.#createAttendance().begin(member);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** When it is over. */
  get endMs(): number {
    return this.#plan.endMs;
  }

  /** Lets time pass until then, or to the end. */
  runUntil(untilMs: number): void {
    const { fromMs } = this.#plan;
    while (this.#nowMs < Math.min(untilMs, this.endMs)) {
      if (this.#nowMs === fromMs) this.#recorder.begin();
      const secondMs = (Math.floor(this.#nowMs / 1000) + 1) * 1000;
      const nextMs = Math.min(untilMs, this.endMs, secondMs, this.#nowMs < fromMs ? fromMs : Infinity);
      this.swarm.runUntil(nextMs);
      this.#nowMs = nextMs;
      if (nextMs === secondMs) this.#recorder.look(nextMs);
      for (const member of this.swarm.members) forget(member);
    }
  }

  /** What came of it until now. It is over then: everybody has left the figures. */
  result(): RunResult {
    const { title, policies, bounds } = this.#scenario;
    const figures = this.#recorder.figures(this.#nowMs);
    const result = {
      scenario: title,
      seed: this.#options.seed,
      picker: this.#options.picker ? GIVEN : (policies?.picker ?? DEFAULT),
      choker: this.#options.choker ? GIVEN : (policies?.choker ?? DEFAULT),
      traceHash: this.swarm.traceHash,
      virtualSeconds: this.#nowMs / 1000,
      pieceMs: this.#plan.video.pieceMs,
      ...figures,
      classes: besideReferences(figures.classes, referencesOf(this.#scenario, this.#options, this.#nowMs)),
    };
    return { ...result, failedBounds: failedBounds(bounds, result) };
  }

  #createSwarm(): Swarm {
    const { video } = this.#scenario;
    const { windowPieces, piecesMax } = this.#plan;
    return new Swarm({
      seed: this.#options.seed,
      windowPieces,
      // No run goes round the ring, so that a ring index tells the piece.
      ringPieces: Math.max(4 * windowPieces, piecesMax),
      pieceBytes: video.pieceBytes,
      delayMs: (from, to) => this.#links.delayMs(from, to),
      suite: standInSuite,
    });
  }

  #createAttendance(): Attendance<Member> {
    const { swarm } = this;
    return new Attendance<Member>(this.#scenario, this.#options.seed, {
      nowMs: () => swarm.nowMs,
      at: (atMs, act) => swarm.at(atMs, act),
      connect: (caller, called) => swarm.connect(caller, called),
      connectionsOf: ({ pipes }) => pipes.size,
      connectionsTo: ({ pipes }, { group }) => [...pipes.values()].filter(({ to }) => to.group === group).length,
      enter: (peerClass, classIndex) => this.#enter(peerClass, classIndex),
      leave: (member) => this.#leave(member),
    });
  }

  #createRecorder(): Recorder {
    const isWhole = (member: Member, seq: number) => member.store.isWhole(RUN, seq);
    return new Recorder(this.#scenario.peers, this.#plan, isWhole, this.source);
  }

  #commonConfig(): Partial<MemberConfig> & Pick<MemberConfig, 'choker'> {
    const { policies } = this.#scenario;
    const { picker, choker } = this.#options;
    return {
      picker: picker ?? pickerNamed(policies?.picker ?? DEFAULT),
      choker: choker ?? chokerNamed(policies?.choker ?? DEFAULT),
      lagMs: this.#plan.lagMs,
    };
  }

  #line(upload: number, download = Infinity): LineConfig {
    const { bytesPerSecond } = this.#plan;
    return {
      ...FAST_LINE,
      uploadBytesPerSecond: upload * bytesPerSecond,
      downloadBytesPerSecond: download * bytesPerSecond,
      lostPerMillion: this.#scenario.links.lossPerMillion,
      queue: this.#scenario.links.queue ?? 'fair',
    };
  }

  #publishFrom(seq: number): void {
    const { video } = this.#plan;
    const wholeMs = video.wholeMs(seq);
    if (wholeMs > this.endMs) return;
    this.swarm.at(wholeMs, () => {
      this.source.publish(
        video.payloadBytes(seq),
        wholeMs - video.firstByteMs(seq),
        video.isEntry(seq) ? 0 : undefined,
      );
      this.#publishFrom(seq + 1);
    });
  }

  #enter(peerClass: PeerClass, classIndex: number): Member {
    const { swarm } = this;
    const member = this.#add(peerClass, classIndex);
    this.#links.settle(member.number, classIndex);
    this.#crews[classIndex]?.enlist(member.id);
    this.#first[classIndex] ??= member;
    this.#recorder.roster.enter(member, classIndex, swarm.nowMs);
    this.#options.trace?.({ what: 'came', atUs: swarm.nowMs * 1000, peer: member.number, of: peerClass.name });
    return member;
  }

  #add({ upload, download, role, behaviour }: PeerClass, classIndex: number): Member {
    let member: Member | undefined;
    const line = this.#line(upload, download);
    const choker = watched(this.#common.choker, (facts, ranks) => {
      if (member) this.#recorder.ranked(member, facts, ranks, this.swarm.nowMs);
    });
    const config = { ...this.#common, line, choker };
    if (role === 'seed') return (member = this.swarm.addSeed(config));
    const crew = this.#crews[classIndex] as Crew;
    const sharing = behaviour === 'sybil' ? this.#first[classIndex] : undefined;
    return (member = this.swarm.addViewer({ ...config, sharing }, (peerConfig, nowMs) =>
      createBehaviour(behaviour, peerConfig, { nowMs, crew }),
    ));
  }

  #leave(member: Member): void {
    const { nowMs } = this.swarm;
    this.#recorder.roster.leave(member, nowMs);
    this.#options.trace?.({ what: 'left', atUs: nowMs * 1000, peer: member.number });
    this.swarm.kill(member);
  }
}

/** What was measured needs not be kept: a thousand peers read a million pieces in minutes. */
function forget(member: Member): void {
  member.reads.length = 0;
  member.events.length = 0;
  member.closings.length = 0;
}

const DEFAULT = 'default';
const GIVEN = 'given';
