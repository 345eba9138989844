export { type LineConfig } from './access-line.js';
export { createBehaviour, type Surroundings } from './behaviours/create-behaviour.js';
export { Crew } from './behaviours/crew.js';
export { type Broadcast, type Stretch } from './broadcast.js';
export { EventQueue } from './event-queue.js';
export type { DelayTable } from './links.js';
export type { Actor, Closing, Member, Read } from './member.js';
export { Random } from './random.js';
export type {
  ClassFigures,
  FailedBound,
  FedBy,
  MeasuredFigures,
  Quantiles,
  ReferenceFigures,
  RunResult,
  Series,
} from './result.js';
export { type RunScenarioOptions, runScenario } from './run.js';
export type {
  Arrival,
  Behaviour,
  Bound,
  DelayMatrix,
  Distribution,
  Limit,
  MassLeave,
  MeasuredDelays,
  OnDemand,
  PeerClass,
  Rate,
  RelativeLimit,
  Scenario,
  Seek,
  Video,
} from './scenario.js';
export { type RunOptions, ScenarioRun } from './scenario-run.js';
export { type ParsedScenario, parseScenario } from './schema.js';
export { standInSuite } from './stand-in-suite.js';
export type { SimBlock } from './stream.js';
export { FAST_LINE, type MakePeer, type MemberConfig, type PeerMember, Swarm, type SwarmConfig } from './swarm.js';
export type { TraceRecord } from './trace-record.js';
