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
export { utf8Bytes, utf8Text } from './text.js';
