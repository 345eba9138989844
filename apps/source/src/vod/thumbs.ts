/** Pictures: what a person gives, and what stands beside a film under the same name. */
import { readFile, stat } from 'node:fs/promises';
import { Failure, systemReason } from '@tstream/command-line';

/** @throws {Failure} If it can't be read or is no picture for a torrent. */
export async function readThumb(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  if (isThumb(bytes)) return bytes;
  throw new Failure(`${path} is not a JPEG or PNG picture of at most 64 KiB: make a smaller one`);
}

/** `film.jpg`, `film.jpeg` or `film.png` beside `film.mp4`; undefined if there is none that fits. */
export async function thumbBeside(path: string): Promise<Uint8Array | undefined> {
  const stem = path.replace(/\.[^./\\]*$/, '');
  for (const suffix of ['.jpg', '.jpeg', '.png']) {
    const size = await stat(stem + suffix).then(
      (stats) => (stats.isFile() ? stats.size : 0),
      () => 0,
    );
    if (size === 0 || size > THUMB_BYTES_MAX) continue;
    const bytes = await readFile(stem + suffix).catch(() => undefined);
    if (bytes && isThumb(bytes)) return bytes;
  }
  return undefined;
}

export function thumbType(bytes: Uint8Array): string {
  return bytes[0] === PNG_MAGIC[0] ? 'image/png' : 'image/jpeg';
}

function isThumb(bytes: Buffer): boolean {
  const isPicture = bytes.subarray(0, 3).equals(JPEG_MAGIC) || bytes.subarray(0, 8).equals(PNG_MAGIC);
  return isPicture && bytes.length <= THUMB_BYTES_MAX;
}

/** spec/0001 §3.2. */
const JPEG_MAGIC = Buffer.from([0xff, 0xd8, 0xff]);
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const THUMB_BYTES_MAX = 65_536;
