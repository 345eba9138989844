import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** @returns The bytes, or undefined if `text` is not an even number of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})*$/i.test(text) ? hexToBytes(text) : undefined;
}
