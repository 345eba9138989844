/**
 * Memory for messages on their way out. A small array of its own would lie in the engine's heap and be moved out of it
 * when a socket takes it, which costs more than to encode it: small ones are cut from a larger array, one after another.
 * No byte is given out twice.
 */
export function outgoing(bytes: number): Uint8Array {
  if (bytes > SMALL_BYTES_MAX) return new Uint8Array(bytes);
  // Also when a caller has transferred its message elsewhere: the length is 0 then.
  if (cutBytes + bytes > sheet.byteLength) {
    sheet = new ArrayBuffer(SHEET_BYTES);
    cutBytes = 0;
  }
  const message = new Uint8Array(sheet, cutBytes, bytes);
  cutBytes += bytes;
  return message;
}

const SMALL_BYTES_MAX = 512;
const SHEET_BYTES = 8192;

let sheet = new ArrayBuffer(0);
let cutBytes = 0;
