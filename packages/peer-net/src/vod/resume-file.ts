/**
 * What is on the disk, remembered beside the content: `.NAME.tstream-resume`, a bencoded dictionary. A piece is in it only
 * once it is written, and is believed only if its files look as they did then: length and time of the last change.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBencode, encodeBencode, utf8Text } from '@tstream/tstream-format';
import { packBits, unpackBits } from './bits.js';
import type { FileState } from './content-files.js';

export interface ResumeState {
  /** 1 for each piece that is on the disk. */
  readonly held: Uint8Array;
  /** How each file looked then; undefined: it was not there. */
  readonly files: readonly (Pick<FileState, 'lengthBytes' | 'modifiedNs'> | undefined)[];
}

export class ResumeFile {
  readonly path: string;
  readonly #infohash: Uint8Array;

  /** @param folder - That the content is in. @param name - Of the content. */
  constructor(folder: string, name: string, infohash: Uint8Array) {
    this.path = join(folder, `.${shortened(name)}.tstream-resume`);
    this.#infohash = infohash;
  }

  /** @returns undefined if there is none for this torrent that can be read. */
  async load(pieces: number, files: number): Promise<ResumeState | undefined> {
    const bytes = await readBounded(this.path).catch(() => undefined);
    const decoded = bytes && decodeBencode(bytes, { bytesMax: BYTES_MAX, depthMax: 4, valuesMax: 3 * files + 32 });
    if (!decoded?.ok || !(decoded.value instanceof Map)) return undefined;
    const infohash = decoded.value.get('infohash');
    if (!(infohash instanceof Uint8Array) || Buffer.compare(infohash, this.#infohash) !== 0) return undefined;
    const bits = decoded.value.get('pieces');
    const held = bits instanceof Uint8Array ? unpackBits(bits, pieces) : undefined;
    const states = decoded.value.get('files');
    if (!held || !Array.isArray(states) || states.length !== files) return undefined;
    return { held, files: states.map(readState) };
  }

  /** Replaces it in one step. @throws What the file system says. */
  async save({ held, files }: ResumeState): Promise<void> {
    const bytes = encodeBencode(
      new Map<string, Parameters<typeof encodeBencode>[0]>([
        ['files', files.map((file) => (file ? [file.lengthBytes, Buffer.from(String(file.modifiedNs))] : []))],
        ['infohash', this.#infohash],
        ['pieces', packBits(held)],
      ]),
    );
    // Others may save beside us: two processes that seed one folder.
    const fresh = `${this.path}.${randomBytes(6).toString('hex')}`;
    const file = await open(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(bytes).finally(() => file.close());
      await rename(fresh, this.path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function readState(value: unknown): ResumeState['files'][number] {
  if (!Array.isArray(value) || typeof value[0] !== 'number' || !(value[1] instanceof Uint8Array)) return undefined;
  const text = utf8Text(value[1]) ?? '';
  return /^\d{1,20}$/.test(text) ? { lengthBytes: value[0], modifiedNs: BigInt(text) } : undefined;
}

async function readBounded(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= BYTES_MAX ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

/** File systems take names of 255 bytes. */
function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > NAME_BYTES_MAX) short = [...short].slice(0, -1).join('');
  return short;
}

const NAME_BYTES_MAX = 200;
/** 2,097,152 pieces and 32,768 files come to 1.4 MB. */
const BYTES_MAX = 4_000_000;
