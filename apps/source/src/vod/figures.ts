/** A seeder's figures, for its page, scripts and the terminal. */
import type { Torrent, TorrentNeighbourFigures } from '@tstream/peer-net';
import { hex, type VodMetainfo } from '@tstream/tstream-format';

export interface SeederFigures {
  readonly title: string;
  readonly name: string;
  readonly infohash: string;
  readonly lengthBytes: number;
  /** Of all that there is to watch; null if that isn't known. */
  readonly durationMs: number | null;
  readonly files: readonly SeededFile[];
  readonly uptimeMs: number;
  readonly peers: number;
  readonly peersEver: number;
  /** Those of the neighbours that have everything. */
  readonly seeders: number;
  readonly upBytes: number;
  readonly upBitsPerSecond: number;
  /** 0: no limit. */
  readonly maxUploadBitsPerSecond: number;
  readonly peersBanned: number;
  readonly page: string;
  readonly torrentUrl: string;
  readonly magnet: string;
  readonly neighbours: readonly TorrentNeighbourFigures[];
}

/** The picture of file n, counted from 1, is at `/thumbs/n`. */
export interface SeededFile {
  readonly path: string;
  readonly lengthBytes: number;
  readonly durationMs: number | null;
  readonly hasThumb: boolean;
}

export interface SeederSources {
  readonly metainfo: VodMetainfo;
  readonly torrent: Torrent;
  /** Ids of all neighbours so far; grows here. */
  readonly seen: Set<string>;
  readonly uploadBitsPerSecondMax: number;
  readonly page: string;
  readonly torrentUrl: string;
  readonly magnet: string;
}

export function seederFigures(sources: SeederSources): SeederFigures {
  const { metainfo, torrent, seen, uploadBitsPerSecondMax } = sources;
  const figures = torrent.figures();
  for (const { id } of figures.neighbours) seen.add(id);
  return {
    title: metainfo.title ?? metainfo.name,
    name: metainfo.name,
    infohash: hex(metainfo.infohash),
    lengthBytes: metainfo.lengthBytes,
    durationMs: metainfo.durationMs ?? null,
    files: seededFiles(metainfo),
    uptimeMs: figures.uptimeMs,
    peers: figures.peers,
    peersEver: seen.size,
    seeders: figures.neighbours.filter(({ piecesHeld }) => piecesHeld === figures.pieces).length,
    upBytes: figures.upBytes,
    upBitsPerSecond: figures.upBitsPerSecond,
    maxUploadBitsPerSecond: Number.isFinite(uploadBitsPerSecondMax) ? uploadBitsPerSecondMax : 0,
    peersBanned: figures.peersBanned,
    page: sources.page,
    torrentUrl: sources.torrentUrl,
    magnet: sources.magnet,
    neighbours: figures.neighbours,
  };
}

function seededFiles({ files, perFile }: VodMetainfo): SeededFile[] {
  return files.map(({ path, lengthBytes }, at) => ({
    path: path.join('/'),
    lengthBytes,
    durationMs: perFile[at]?.durationMs ?? null,
    hasThumb: perFile[at]?.thumb !== undefined,
  }));
}
