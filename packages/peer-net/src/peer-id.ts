/** BEP 20, Azureus style: which program this is, then chance. */
export function newPeerId(random: Uint8Array): Uint8Array {
  const id = new Uint8Array(20);
  id.set(Buffer.from(PREFIX, 'ascii'));
  id.set(random.subarray(0, 20 - PREFIX.length), PREFIX.length);
  return id;
}

const PREFIX = '-TS0001-';
