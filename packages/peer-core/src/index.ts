export type { PeerConfig, Role } from './config.js';
export type { Figures, NeighbourFigures, PieceStrip, PlayedPiece } from './figures.js';
export type { ConnectionId, Input } from './inputs.js';
export type { Check, Output, PeerEvent } from './outputs.js';
export { createPeer, type Peer } from './peer.js';
export type { VodConfig } from './vod/vod-config.js';
export type { ReaderId, VodInput } from './vod/vod-inputs.js';
export type { VodEvent, VodOutput } from './vod/vod-outputs.js';
