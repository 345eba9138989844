export {
  BENCODE_LIMITS,
  type BencodeDictionary,
  type BencodeLimits,
  type BencodeReason,
  type BencodeResult,
  type BencodeValue,
  bencodeRawValue,
  decodeBencode,
  decodeBencodePrefix,
} from './bencode-decode.js';
export { type BencodeInput, encodeBencode } from './bencode-encode.js';
export { createLiveMetainfo, type LiveStream } from './create-live-metainfo.js';
export { createVodMetainfo, type VodTorrent } from './create-vod-metainfo.js';
export type { Display } from './display.js';
export { fromHex, hex } from './hex.js';
export { formatMagnet, type Magnet, type MagnetReason, type MagnetResult, parseMagnet } from './magnet.js';
export { decodeInfo, decodeMetainfo, type LiveMetainfo, type Metainfo, type MetainfoResult } from './metainfo.js';
export { describeMetainfoReason, type MetainfoReason } from './metainfo-reasons.js';
export { isSafeName } from './name.js';
export { utf8Bytes, utf8Text } from './text.js';
export { isTrackerUrl } from './trackers.js';
export type { VodFile } from './vod-files.js';
export type { VodFileDisplay, VodMetainfo } from './vod-metainfo.js';
export { isWebSeedUrl } from './web-seeds.js';
