/** Torrents to test with: files of chance bytes on the disk, their metainfo, and nodes that have them or want them. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createVodMetainfo, decodeMetainfo, type VodMetainfo } from '@tstream/tstream-format';
import { createSwarmNode, type SwarmNode, type SwarmNodeOptions } from '../../src/node.js';
import type { Torrent } from '../../src/vod/torrent.js';
import type { TorrentEvent, TorrentOptions } from '../../src/vod/torrent-options.js';

/** Cleans up after a test: the newest first. */
export class Bench {
  readonly #closers: (() => unknown)[] = [];

  later(close: () => unknown): void {
    this.#closers.push(close);
  }

  async clear(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'torrent-test-'));
    this.later(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  async node(overrides: Partial<SwarmNodeOptions> = {}): Promise<SwarmNode> {
    const node = await createSwarmNode({
      host: '127.0.0.1',
      port: 0,
      client: 'test 1',
      onTrouble: () => undefined,
      ...overrides,
    });
    this.later(() => node.close());
    return node;
  }

  /** A node with one torrent, and all that it told. */
  async torrent(
    made: MadeContent,
    overrides: Partial<TorrentOptions> & { readonly node?: SwarmNode } = {},
  ): Promise<{ node: SwarmNode; torrent: Torrent; events: TorrentEvent[]; folder: string }> {
    // The folder goes after the node, which writes to it to the end.
    const folder = overrides.folder ?? (await this.folder());
    const node = overrides.node ?? (await this.node());
    const events: TorrentEvent[] = [];
    const torrent = await node.addTorrent({
      metainfo: made.metainfo,
      folder,
      uploadBitsPerSecondMax: Number.POSITIVE_INFINITY,
      downloadBitsPerSecondMax: Number.POSITIVE_INFINITY,
      peersMax: 50,
      peers: [],
      discovery: false,
      existing: 'trust-resume',
      keepResume: true,
      onEvent: (event) => events.push(event),
      ...overrides,
    });
    return { node, torrent, events, folder };
  }

  /** A seeder of content that was just made. */
  async seeder(made: MadeContent, overrides: Partial<TorrentOptions> & { readonly node?: SwarmNode } = {}) {
    const folder = await this.folder();
    await made.writeTo(folder);
    return this.torrent(made, { folder, existing: 'must-be-whole', keepResume: false, ...overrides });
  }

  /** A torrent that knows one seeder's address. */
  async leecher(made: MadeContent, seeder: SwarmNode, overrides: Partial<TorrentOptions> = {}) {
    return this.torrent(made, { peers: [{ host: '127.0.0.1', port: seeder.port }], ...overrides });
  }
}

export interface MadeContent {
  readonly metainfo: VodMetainfo;
  /** All files one after another. */
  readonly bytes: Buffer;
  /** Paths below a folder, with their bytes. */
  readonly files: readonly { readonly path: string; readonly bytes: Buffer }[];
  readonly writeTo: (folder: string) => Promise<void>;
  /** Whether all is there, byte by byte. */
  readonly isIn: (folder: string) => Promise<boolean>;
}

export interface ContentShape {
  readonly name?: string;
  /** Of a folder's files by path; a number: of a single file. */
  readonly lengths: number | Readonly<Record<string, number>>;
  readonly pieceLength?: number;
  readonly trackers?: readonly string[];
  readonly webSeeds?: readonly string[];
  readonly isPrivate?: boolean;
}

export function makeContent(shape: ContentShape): MadeContent {
  const { name = 'film.bin', lengths, pieceLength = 32_768, trackers, webSeeds, isPrivate } = shape;
  const isFolder = typeof lengths !== 'number';
  const entries = isFolder ? Object.entries(lengths) : [[name, lengths] as const];
  const files = entries.map(([path, length]) => ({
    path: isFolder ? join(name, path) : path,
    bytes: randomBytes(length),
  }));
  const bytes = Buffer.concat(files.map((file) => file.bytes));
  const torrent = createVodMetainfo({
    name,
    pieceLength,
    pieceHashes: pieceHashes(bytes, pieceLength),
    content: isFolder
      ? { files: entries.map(([path, length]) => ({ path: path.split('/'), lengthBytes: length })) }
      : { lengthBytes: lengths },
    isPrivate,
    webSeeds,
    announce: trackers && [trackers],
  });
  const decoded = decodeMetainfo(torrent);
  if (!decoded.ok || decoded.value.kind !== 'vod') throw new Error('no metainfo of a torrent');
  return {
    metainfo: decoded.value,
    bytes,
    files,
    writeTo: async (folder) => {
      for (const file of files) {
        await mkdir(dirname(join(folder, file.path)), { recursive: true });
        await writeFile(join(folder, file.path), file.bytes);
      }
    },
    isIn: async (folder) => {
      const found = await Promise.all(files.map((file) => readFile(join(folder, file.path)).catch(() => undefined)));
      return files.every((file, at) => found[at]?.equals(file.bytes));
    },
  };
}

export async function collected(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

function pieceHashes(bytes: Buffer, pieceLength: number): Uint8Array {
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    hashes.push(
      createHash('sha1')
        .update(bytes.subarray(at, at + pieceLength))
        .digest(),
    );
  }
  return new Uint8Array(Buffer.concat(hashes));
}
