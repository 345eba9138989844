export { Decoder, type WireEvent } from './decoder.js';
export { encodedBytes, encodeMessage, encodePieceHead } from './encode.js';
export { encodeHandshake, type Handshake } from './handshake.js';
export { DEFAULT_LIMITS, type DecoderLimits } from './limits.js';
export {
  type Block,
  CLOSE_REASONS,
  type CloseReason,
  DECLINE_REASONS,
  type DeclineReason,
  type ExtendedHandshake,
  type ExtensionIds,
  type FastMessage,
  type LiveMessage,
  LOCAL_EXTENSION_IDS,
  type Message,
  type MetadataMessage,
  type PeerAddress,
  type PeerMessage,
  type PeerName,
  type PexMessage,
  type PexPeer,
  type PieceMessage,
  type UnknownMessage,
  type WitnessMessage,
  type WitnessReport,
} from './message.js';
export type { Result, WireReason } from './result.js';
export { peerName } from './witness.js';
