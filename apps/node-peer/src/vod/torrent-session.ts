/** Taking part in torrents: what `watch`, `download` and `seed` do alike. */
import { Failure, formatSize } from '@tstream/command-line';
import {
  type HostPort,
  parseHostPort,
  type SwarmNode,
  type Torrent,
  type TorrentEvent,
  type TorrentOptions,
} from '@tstream/peer-net';
import { hex, type Magnet, type VodMetainfo } from '@tstream/tstream-format';
import type { Console } from '../console.js';
import type { TorrentSource } from '../sources.js';
import type { DownloadOptions } from './torrent-options.js';

/** What a source stands for; of a magnet link peers are asked, for as long as it takes. */
export async function metainfoOf(
  source: TorrentSource,
  node: SwarmNode,
  options: DownloadOptions,
  screen: Console,
  stop: AbortSignal,
): Promise<VodMetainfo> {
  if (source.kind === 'torrent') return source.metainfo;
  const { magnet } = source;
  const name = magnet.name ?? hex(magnet.infohash);
  const waiting = setTimeout(
    () => screen.note(`Nobody who has ${name} has answered yet; going on asking.`),
    QUIET_MS,
  );
  try {
    return await fetchMetainfo(magnet, node, options, stop);
  } finally {
    clearTimeout(waiting);
  }
}

/** @throws {Error} The signal's reason; or one line, if what came is no on-demand torrent. */
export async function fetchMetainfo(
  magnet: Magnet,
  node: SwarmNode,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<VodMetainfo> {
  const metainfo = await node.fetchMetainfo({
    infohash: magnet.infohash,
    trackers: magnet.trackers,
    peers: [...options.peers, ...peersOf(magnet)],
    discovery: options.discovery,
    signal,
  });
  // Each tracker of a link is a tier of its own (BEP 9); and its web seeds stand nowhere else.
  return {
    ...metainfo,
    trackers: magnet.trackers.map((url) => [url]),
    webSeeds: magnet.webSeeds ?? [],
  };
}

function peersOf(magnet: Magnet): HostPort[] {
  return (magnet.peers ?? []).map(parseHostPort).filter((peer) => peer !== undefined);
}

/** Joins, with what the person allows; of several torrents each gets its share. */
export function joinTorrent(
  node: SwarmNode,
  source: TorrentSource,
  options: DownloadOptions,
  torrent: Pick<TorrentOptions, 'metainfo' | 'folder' | 'files' | 'existing' | 'keepResume' | 'picker' | 'choker'> & {
    readonly swarms?: number;
  },
  screen: Console,
): Promise<Torrent> {
  const { swarms = 1, ...rest } = torrent;
  const { name } = torrent.metainfo;
  return node.addTorrent({
    ...rest,
    uploadBitsPerSecondMax: options.uploadBitsPerSecondMax / swarms,
    downloadBitsPerSecondMax: options.downloadBitsPerSecondMax / swarms,
    peersMax: options.peersMax,
    peers: source.kind === 'magnet' ? [...options.peers, ...peersOf(source.magnet)] : options.peers,
    discovery: options.discovery,
    onEvent: (event) => {
      const line = eventLine(event);
      if (line !== undefined) screen.note(swarms > 1 ? `${name}: ${line}` : line);
    },
  });
}

/** Bytes of what is wanted of a torrent. */
export function wantedBytes(metainfo: VodMetainfo, files: readonly number[] | undefined): number {
  return (files ?? [...metainfo.files.keys()]).reduce((sum, index) => sum + (metainfo.files[index]?.lengthBytes ?? 0), 0);
}
