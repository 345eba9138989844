import type { Choker } from '@tstream/g2g-choker';
import type { PiecePicker } from '@tstream/piece-picker';
import type { LineConfig } from './access-line.js';
import { createBehaviour } from './behaviours/create-behaviour.js';
import { Crew } from './behaviours/crew.js';
import { failedBounds } from './bounds.js';
import type { Broadcast } from './broadcast.js';
import { pairwiseDelay } from './links.js';
import type { Member } from './member.js';
import { watched } from './metrics/rankings.js';
import { Recorder, RUN } from './metrics/recorder.js';
import type { Observer } from './observer.js';
import { chokerNamed, pickerNamed } from './policies.js';
import { drawShare, type Visit, visitsOf } from './population.js';
import { Random } from './random.js';
import { Omniscience, REFERENCES } from './references.js';
import type { RunResult } from './result.js';
import type { MassLeave, PeerClass, Scenario } from './scenario.js';
import { standInSuite } from './stand-in-suite.js';
import { FAST_LINE, type MemberConfig, Swarm } from './swarm.js';
import { type TraceRecord, tellTrace } from './trace-record.js';
import { Tracker } from './tracker.js';
import { VideoSchedule } from './video.js';

export interface RunOptions {
  /** 0 … 2^32 − 1. Same scenario, same seed, same run. */
  readonly seed: number;
  /** In place of the one that the scenario names. */
  readonly picker?: PiecePicker | undefined;
  readonly choker?: Choker | undefined;
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
  readonly #video: VideoSchedule;
  readonly #recorder: Recorder;
  readonly #tracker: Tracker;
  readonly #chance: Random;
  readonly #common: Partial<MemberConfig> & Pick<MemberConfig, 'choker'>;
  /** Undefined: the policy is one that peers could have. */
  readonly #omniscience: Omniscience | undefined;
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
    this.#video = new VideoSchedule(scenario.video);
    // The swarm draws from the seed itself: what is drawn here must not be the same numbers.
    this.#chance = new Random(seed + 2 ** 32);
    const reference = REFERENCES[scenario.policies?.picker ?? DEFAULT];
    this.#omniscience = reference && !options.picker ? new Omniscience(reference, RUN) : undefined;
    this.#common = this.#commonConfig();
    this.#crews = scenario.peers.map(() => new Crew());
    this.swarm = this.#createSwarm();
    const line = this.#line(scenario.source.upload);
    this.source = this.swarm.addSource(RUN, {
      ...this.#common,
      ...this.#pickerFor(() => this.source.member),
      lagMs: undefined,
      line,
    });
    this.#recorder = this.#createRecorder();
    this.swarm.observe(this.#observer());
    const { neighbours, links } = scenario;
    this.#tracker = new Tracker(this.swarm, this.#chance.fork(), neighbours, links.failPerMillion ?? 0);
    this.#tracker.list(this.source.member);
    trace?.({ what: 'came', atUs: 0, peer: this.source.member.number, of: 'source' });
    this.#plan();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** When it is over. */
  get endMs(): number {
    return this.#scenario.seconds * 1000;
  }

  /** Lets time pass until then, or to the end. */
  runUntil(untilMs: number): void {
    const fromMs = this.#scenario.measureFromSeconds * 1000;
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
    const result = {
      scenario: title,
      seed: this.#options.seed,
      picker: this.#options.picker ? GIVEN : (policies?.picker ?? DEFAULT),
      choker: this.#options.choker ? GIVEN : (policies?.choker ?? DEFAULT),
      traceHash: this.swarm.traceHash,
      virtualSeconds: this.#nowMs / 1000,
      pieceMs: this.#video.pieceMs,
      ...this.#recorder.figures(this.#nowMs),
    };
    return { ...result, failedBounds: failedBounds(bounds, result) };
  }

  #createSwarm(): Swarm {
    const { video, links } = this.#scenario;
    const windowPieces = this.#windowPieces;
    return new Swarm({
      seed: this.#options.seed,
      windowPieces,
      // No run goes round the ring, so that a ring index tells the piece.
      ringPieces: Math.max(4 * windowPieces, this.#piecesMax),
      pieceBytes: video.pieceBytes,
      delayMs: pairwiseDelay(links.oneWayDelayMs, this.#options.seed),
      suite: standInSuite,
    });
  }

  #observer(): Observer {
    const { trace } = this.#options;
    const recorder = trace ? tellTrace(trace, this.#recorder) : this.#recorder;
    const omniscience = this.#omniscience;
    if (!omniscience) return recorder;
    return {
      sent: (...args) => recorder.sent(...args),
      arrived: (...args) => recorder.arrived(...args),
      asked(member, output, atMs) {
        omniscience.note(member, output);
        recorder.asked(member, output, atMs);
      },
    };
  }

  #createRecorder(): Recorder {
    const { peers, measureFromSeconds } = this.#scenario;
    const measure = {
      video: this.#video,
      fromMs: measureFromSeconds * 1000,
      piecesMax: this.#piecesMax,
      lagMs: this.#common.lagMs,
      isWhole: (member: Member, seq: number) => member.store.isWhole(RUN, seq),
    };
    return new Recorder(peers, measure, this.source);
  }

  get #piecesMax(): number {
    return Math.ceil(this.endMs / this.#video.pieceMs) + 1;
  }

  get #windowPieces(): number {
    const { lagSeconds = 0 } = this.#scenario;
    return Math.ceil(Math.max(WINDOW_MS, 2000 * lagSeconds) / this.#video.pieceMs);
  }

  #commonConfig(): Partial<MemberConfig> & Pick<MemberConfig, 'choker'> {
    const { policies, lagSeconds } = this.#scenario;
    const { picker, choker } = this.#options;
    return {
      ...(!this.#omniscience && { picker: picker ?? pickerNamed(policies?.picker ?? DEFAULT) }),
      choker: choker ?? chokerNamed(policies?.choker ?? DEFAULT),
      lagMs: lagSeconds === undefined ? undefined : Math.round(lagSeconds * 1000),
    };
  }

  #line(upload: number, download = Infinity): LineConfig {
    const bytesPerSecond = this.#video.bitsPerSecond / 8;
    return {
      ...FAST_LINE,
      uploadBytesPerSecond: upload * bytesPerSecond,
      downloadBytesPerSecond: download * bytesPerSecond,
      lostPerMillion: this.#scenario.links.lossPerMillion,
      queue: this.#scenario.links.queue ?? 'fair',
    };
  }

  #plan(): void {
    const { peers, events = [] } = this.#scenario;
    this.#publishFrom(0);
    for (const [classIndex, peerClass] of peers.entries()) {
      for (const visit of visitsOf(peerClass, this.#chance.fork())) {
        if (visit.fromMs < this.endMs) this.swarm.at(visit.fromMs, () => this.#enter(peerClass, classIndex, visit));
      }
    }
    for (const event of events) this.swarm.at(event.atSeconds * 1000, () => this.#leaveTogether(event));
    this.#lookForNeighbours(0);
  }

  #publishFrom(seq: number): void {
    const video = this.#video;
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

  #enter(peerClass: PeerClass, classIndex: number, { untilMs }: Visit): void {
    const { swarm } = this;
    const member = this.#add(peerClass, classIndex);
    this.#crews[classIndex]?.enlist(member.id);
    this.#first[classIndex] ??= member;
    this.#recorder.roster.enter(member, classIndex, swarm.nowMs);
    this.#options.trace?.({ what: 'came', atUs: swarm.nowMs * 1000, peer: member.number, of: peerClass.name });
    if (peerClass.reachable !== false) this.#tracker.list(member);
    // All who come at the same time are listed before the first of them looks.
    swarm.at(swarm.nowMs, () => this.#tracker.look(member, peerClass.role === 'seed'));
    if (untilMs < this.endMs) swarm.at(untilMs, () => this.#leave(member));
  }

  #add({ upload, download, role, behaviour }: PeerClass, classIndex: number): Member {
    let member: Member | undefined;
    const line = this.#line(upload, download);
    const choker = watched(this.#common.choker, (facts, ranks) => {
      if (member) this.#recorder.ranked(member, facts, ranks, this.swarm.nowMs);
    });
    const config = { ...this.#common, ...this.#pickerFor(() => member), line, choker };
    if (role === 'seed') return (member = this.swarm.addSeed(config));
    const crew = this.#crews[classIndex] as Crew;
    const sharing = behaviour === 'sybil' ? this.#first[classIndex] : undefined;
    return (member = this.swarm.addViewer({ ...config, sharing }, (peerConfig, nowMs) =>
      createBehaviour(behaviour, peerConfig, { nowMs, crew }),
    ));
  }

  #pickerFor(self: () => Member | undefined): Partial<MemberConfig> {
    return this.#omniscience ? { picker: this.#omniscience.picker(self) } : {};
  }

  #leave(member: Member): void {
    if (!member.alive) return;
    const { nowMs } = this.swarm;
    this.#tracker.remove(member);
    this.#recorder.roster.leave(member, nowMs);
    this.#options.trace?.({ what: 'left', atUs: nowMs * 1000, peer: member.number });
    this.swarm.kill(member);
  }

  #leaveTogether({ leave }: MassLeave): void {
    const those = [...this.#recorder.roster.online.values()].filter(({ peerClass, isHonest }) => {
      return leave.of === 'all' || leave.of === peerClass.name || (leave.of === 'honest' && isHonest);
    });
    for (const { member } of drawShare(those, leave.share, this.#chance)) this.#leave(member);
  }

  /** Each peer sees to its neighbours once a second, a tenth of them at a time. */
  #lookForNeighbours(turn: number): void {
    const { swarm } = this;
    if (turn === 0) this.#tracker.look(this.source.member, false);
    for (const { member, peerClass } of this.#recorder.roster.online.values()) {
      if (member.number % TURNS === turn) this.#tracker.look(member, peerClass.role === 'seed');
    }
    swarm.at(swarm.nowMs + 1000 / TURNS, () => this.#lookForNeighbours((turn + 1) % TURNS));
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
/** How far back pieces are kept and valid: beyond the lag of live viewers. */
const WINDOW_MS = 20_000;
const TURNS = 10;
