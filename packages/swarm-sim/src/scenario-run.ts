import type { Choker } from '@tstream/g2g-choker';
import type { PiecePicker, VodPicker } from '@tstream/piece-picker';
import type { LineConfig } from './access-line.js';
import { Attendance } from './attendance.js';
import { failedBounds } from './bounds.js';
import { LineRates } from './line-rates.js';
import { createLinks, type DelayTable, type Links } from './links.js';
import { LiveProgramme } from './live-programme.js';
import type { Member } from './member.js';
import { OnDemandProgramme } from './on-demand/on-demand-programme.js';
import { type Plan, planOf } from './plan.js';
import { chokerNamed } from './policies.js';
import type { Programme } from './programme.js';
import type { RunResult } from './result.js';
import type { PeerClass, Scenario } from './scenario.js';
import { standInSuite } from './stand-in-suite.js';
import { FAST_LINE, Swarm } from './swarm.js';
import { type TraceRecord, tellTrace } from './trace-record.js';

export interface RunOptions {
  /** 0 … 2^32 − 1. Same scenario, same seed, same run. */
  readonly seed: number;
  /** In place of the one that the scenario names, if it is live. */
  readonly picker?: PiecePicker | undefined;
  /** In place of the one that the scenario names, if it is on demand. */
  readonly vodPicker?: VodPicker | undefined;
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
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #plan: Plan;
  readonly #links: Links;
  readonly #rates: LineRates;
  readonly #programme: Programme;
  readonly #attendance: Attendance<Member>;
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
    this.#rates = new LineRates(scenario, seed);
    this.swarm = this.#createSwarm();
    this.#programme = this.#createProgramme();
    const { source, observer } = this.#programme;
    this.#links.settle(source.number, undefined);
    this.swarm.observe(trace ? tellTrace(trace, observer) : observer);
    trace?.({ what: 'came', atUs: 0, peer: source.number, of: 'source' });
    this.#attendance = this.#createAttendance();
    this.#attendance.begin(source);
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
      if (this.#nowMs === fromMs) this.#programme.begin();
      const secondMs = (Math.floor(this.#nowMs / 1000) + 1) * 1000;
      const nextMs = Math.min(untilMs, this.endMs, secondMs, this.#nowMs < fromMs ? fromMs : Infinity);
      this.swarm.runUntil(nextMs);
      this.#nowMs = nextMs;
      if (nextMs === secondMs) this.#programme.look(nextMs);
      for (const member of this.swarm.members) forget(member);
    }
  }

  /** What came of it until now. It is over then: everybody has left the figures. */
  result(): RunResult {
    const { title, policies, bounds, video } = this.#scenario;
    const { picker, vodPicker, choker, seed } = this.#options;
    const result = {
      scenario: title,
      seed,
      picker: (video.onDemand ? vodPicker : picker) ? GIVEN : (policies?.picker ?? DEFAULT),
      choker: choker ? GIVEN : (policies?.choker ?? DEFAULT),
      traceHash: this.swarm.traceHash,
      virtualSeconds: this.#nowMs / 1000,
      pieceMs: this.#plan.video.pieceMs,
      ...this.#programme.figures(this.#nowMs),
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

  #createProgramme(): Programme {
    const { policies, source, video } = this.#scenario;
    const staging = {
      scenario: this.#scenario,
      options: this.#options,
      plan: this.#plan,
      swarm: this.swarm,
      choker: this.#options.choker ?? chokerNamed(policies?.choker ?? DEFAULT),
      sourceLine: this.#line(source.upload, Infinity),
      dismiss: (member: Member) => this.#attendance.dismiss(member),
    };
    return video.onDemand ? new OnDemandProgramme(staging, video.onDemand) : new LiveProgramme(staging);
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

  #line(upload: number, download: number): LineConfig {
    const { bytesPerSecond } = this.#plan;
    return {
      ...FAST_LINE,
      uploadBytesPerSecond: upload * bytesPerSecond,
      downloadBytesPerSecond: download * bytesPerSecond,
      lostPerMillion: this.#scenario.links.lossPerMillion,
      queue: this.#scenario.links.queue ?? 'fair',
    };
  }

  #enter(peerClass: PeerClass, classIndex: number): Member {
    const { swarm } = this;
    const { upload, download } = this.#rates.next(classIndex);
    const member = this.#programme.enter(peerClass, classIndex, this.#line(upload, download));
    this.#links.settle(member.number, classIndex);
    this.#options.trace?.({ what: 'came', atUs: swarm.nowMs * 1000, peer: member.number, of: peerClass.name });
    return member;
  }

  #leave(member: Member): void {
    this.#programme.leave(member);
    this.#options.trace?.({ what: 'left', atUs: this.swarm.nowMs * 1000, peer: member.number });
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
