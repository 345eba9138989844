import { findPackets } from './aligner.js';

/**
 * Whether bytes are the beginning of a transport stream of 188-byte packets; up to 64 KiB of something else may stand before them.
 * @param prefix - First bytes of a file or stream. 64 KiB and a KiB say it for sure; fewer than five packets must begin with one.
 */
export function isTransportStream(prefix: Uint8Array): boolean {
  return findPackets(prefix) >= 0;
}
