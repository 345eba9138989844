export { measureBitrate } from './bitrate.js';
export { type Cut, type CutReason, type Cutter, type CutterConfig, createCutter, type Piece } from './cutter.js';
export { createLooper, createLoopRewriter, type Looper, type LoopRewriter } from './loop.js';
export { createPcrPacer, type PcrPacer, type PcrPacerConfig, type Run } from './pacer.js';
export { PACKET_BYTES } from './packet.js';
export { isTransportStream } from './recognise.js';
