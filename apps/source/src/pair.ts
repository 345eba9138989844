/** A stream's pair of files: `NAME.tstream`, which everybody may have, and `NAME.key`, which makes its owner the broadcaster. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, systemReason } from '@tstream/command-line';
import { decodeKeyFile, encodeKeyFile, type KeyFileReason } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { decodeMetainfo, describeMetainfoReason, type LiveMetainfo } from '@tstream/tstream-format';

/** Where the files of a stream lie. */
export interface PairPaths {
  readonly metainfo: string;
  readonly key: string;
  /** The number of the last run: a restart never uses one twice. */
  readonly run: string;
}

/** What was found on disk. */
export interface Pair {
  readonly secretKey: Uint8Array;
  /** Undefined if there is only a key so far. */
  readonly metainfo: LiveMetainfo | undefined;
  /** Run number of the last start; 0 before the first. */
  readonly lastRun: number;
}

export function pairPaths(folder: string, name: string, key: string | undefined): PairPaths {
  return {
    metainfo: join(folder, `${name}.tstream`),
    key: key ?? join(folder, `${name}.key`),
    run: join(folder, `${name}.run`),
  };
}

/**
 * Reads the pair, and makes the key if there is none yet.
 * @throws {Failure} If the files don't belong together, can't be read, or can't be written. Nothing is overwritten then.
 */
export async function openPair(paths: PairPaths, passphrase: string | undefined): Promise<Pair> {
  const metainfoBytes = await readIfThere(paths.metainfo);
  const keyText = (await readIfThere(paths.key))?.toString('utf8');
  const metainfo = metainfoBytes && liveMetainfo(paths.metainfo, metainfoBytes);
  if (metainfo && keyText === undefined) {
    throw new Failure(
      `${paths.metainfo} is there, but not its key ${paths.key}: give the key with --key, or another --name for a new stream`,
    );
  }
  const lastRun = runNumber(paths.run, await readIfThere(paths.run));
  if (keyText === undefined) return { secretKey: await makeKey(paths.key, passphrase), metainfo: undefined, lastRun };
  const decoded = decodeKeyFile(keyText, passphrase);
  if (!decoded.ok) throw new Failure(`${paths.key}: ${KEY_REASONS[decoded.reason]}`);
  if (metainfo && !Buffer.from(metainfo.streamKey).equals(decoded.value.streamPublicKey)) {
    throw new Failure(
      `${paths.key} is not the key of ${paths.metainfo}: give the right one with --key, or another --name for a new stream`,
    );
  }
  return { secretKey: decoded.value.streamSecretKey, metainfo, lastRun };
}

/** Writes a file as a whole or not at all. @throws {Failure} If it can't be written. */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, content, { mode });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new Failure(`cannot write ${path}: ${systemReason(error)}; give another folder with --out`, { cause: error });
  }
}

/** Notes the number of the run that is about to begin. */
export async function writeRun(paths: PairPaths, run: number): Promise<void> {
  await writeWhole(paths.run, `${run}\n`);
}

async function makeKey(path: string, passphrase: string | undefined): Promise<Uint8Array> {
  const secretKey = new Uint8Array(randomBytes(32));
  const text = encodeKeyFile(
    { streamSecretKey: secretKey },
    { passphrase, salt: new Uint8Array(randomBytes(16)), nonce: new Uint8Array(randomBytes(24)) },
  );
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Half a key would be refused at the next start. One that somebody else has made meanwhile stays.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(path, { force: true }).catch(() => undefined);
    throw new Failure(`cannot write ${path}: ${systemReason(error)}; give another folder with --out`, { cause: error });
  }
  return secretKey;
}

function liveMetainfo(path: string, bytes: Uint8Array): LiveMetainfo {
  const decoded = decodeMetainfo(bytes);
  if (!decoded.ok) throw new Failure(`${path}: ${describeMetainfoReason(decoded.reason)}`);
  if (decoded.value.kind !== 'live')
    throw new Failure(`${path} is an on-demand torrent, not a live stream: give another --name`);
  return decoded.value;
}

function runNumber(path: string, bytes: Buffer | undefined): number {
  if (!bytes) return 0;
  const text = bytes.toString('utf8').trim();
  if (!/^\d{1,10}$/.test(text))
    throw new Failure(`${path} should hold the number of the last run and doesn't: remove it`);
  return Number(text);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** The public key of a secret one. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return nodeSuite.publicKey(secretKey);
}

const KEY_REASONS: Readonly<Record<KeyFileReason, string>> = {
  'not-a-key-file': 'this is not a key file',
  version: 'this key file was made by a later version',
  damaged: 'this key file is damaged: restore it from a copy',
  'scrypt-cost': 'this key file asks for more memory than is allowed',
  'passphrase-needed': 'this key is sealed: give its passphrase with --passphrase-file or in TSTREAM_PASSPHRASE',
  'wrong-passphrase': 'the passphrase does not open this key',
};
