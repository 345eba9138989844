import type { Choker } from '@tstream/g2g-choker';
import type { LineConfig } from './access-line.js';
import type { Member } from './member.js';
import type { Observer } from './observer.js';
import type { Plan } from './plan.js';
import type { RunResult } from './result.js';
import type { PeerClass, Scenario } from './scenario.js';
import type { RunOptions } from './scenario-run.js';
import type { Swarm } from './swarm.js';

/** What a swarm is there for, live video or video on demand: what sits at its lines, and what is measured of it. */
export interface Programme {
  /** Whom the tracker names from the beginning: the source of live video, the first seeder of a film. */
  readonly source: Member;
  /** Sees all that happens. */
  readonly observer: Observer;
  /** A peer of a class comes. */
  enter(peerClass: PeerClass, classIndex: number, line: LineConfig): Member;
  /** It leaves the figures. */
  leave(member: Member): void;
  /** From now on it counts. */
  begin(): void;
  /** A second is over. */
  look(atMs: number): void;
  /** What came of it; it is over then: everybody leaves the figures. */
  figures(atMs: number): ProgrammeFigures;
}

/** The part of a result that a programme has measured. */
export type ProgrammeFigures = Pick<
  RunResult,
  'classes' | 'source' | 'wireBytes' | 'overheadShare' | 'series' | 'fedBy' | 'messages'
>;

/** What a programme is made from. */
export interface Staging {
  readonly scenario: Scenario;
  readonly options: RunOptions;
  readonly plan: Plan;
  readonly swarm: Swarm;
  readonly choker: Choker;
  readonly sourceLine: LineConfig;
  /** Has a peer leave before its time. */
  readonly dismiss: (member: Member) => void;
}
