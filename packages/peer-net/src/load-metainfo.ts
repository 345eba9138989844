/** Reads a `.tstream` or `.torrent` from where a person says it is: a file, or an http(s) URL. */
import { createReadStream } from 'node:fs';
import { decodeMetainfo, describeMetainfoReason, type Metainfo } from '@tstream/tstream-format';
import { boundedGet, GetError } from './bounded-get.js';

/**
 * @param source - Path or URL. At most 10 MB are read, in at most 15 s.
 * @throws {MetainfoError} One line: what is wrong with it, and what to do. @throws The signal's reason.
 */
export async function loadMetainfo(
  source: string,
  signal?: AbortSignal,
): Promise<{ readonly metainfo: Metainfo; readonly bytes: Uint8Array }> {
  const bytes = /^https?:\/\//i.test(source) ? await fetchBytes(source, signal) : await readBytes(source);
  const decoded = decodeMetainfo(bytes);
  if (decoded.ok) return { metainfo: decoded.value, bytes };
  throw new MetainfoError(`${source}: ${describeMetainfoReason(decoded.reason)}`);
}

async function fetchBytes(source: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (!URL.canParse(source)) throw new MetainfoError(`${source} is not a URL: check its spelling`);
  try {
    const limits = { bytesMax: BYTES_MAX, timeoutMs: FETCH_MS_MAX, ...(signal ? { signal } : {}) };
    return (await boundedGet(new URL(source), limits)).body;
  } catch (cause) {
    signal?.throwIfAborted();
    if (!(cause instanceof GetError)) throw cause;
    throw new MetainfoError(`cannot get ${cause.message}`, { cause });
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Not by its size: a pipe or a device has none.
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BYTES_MAX)
        throw new MetainfoError(`${path} is larger than any .tstream or .torrent file: check its name`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    if (cause instanceof MetainfoError) throw cause;
    throw new MetainfoError(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'no right to read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** What others refuse too, and the limit of the decoder. */
const BYTES_MAX = 10_000_000;
const FETCH_MS_MAX = 15_000;

/** A `.tstream` that cannot be had or read. */
export class MetainfoError extends Error {
  override readonly name = 'MetainfoError';
}
