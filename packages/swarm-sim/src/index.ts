export { type LineConfig } from './access-line.js';
export { type Broadcast, type Stretch } from './broadcast.js';
export { EventQueue } from './event-queue.js';
export type { Actor, Closing, Member, Read } from './member.js';
export { Random } from './random.js';
export { standInSuite } from './stand-in-suite.js';
export type { SimBlock } from './stream.js';
export { FAST_LINE, type MemberConfig, type PeerMember, Swarm, type SwarmConfig } from './swarm.js';
