/** Taking part in torrents: what `watch`, `download` and `seed` do alike. */
import { type HostPort, parseHostPort, type SwarmNode, type Torrent, type TorrentOptions } from '@tstream/peer-net';
import { hex, type Magnet, type VodMetainfo } from '@tstream/tstream-format';
import type { Console } from '../console.js';
import { type TorrentSource, withPieceHashes } from '../sources.js';
import { checkSpace } from './space.js';
import { eventLine } from './torrent-events.js';
import type { DownloadOptions } from './torrent-options.js';

export interface TorrentSession {
  readonly torrent: Torrent;
  /** What is wrong now, in a line; empty: nothing. */
  readonly trouble: () => string;
}

/** What of {@link TorrentOptions} the command decides, not the person. */
export type TorrentPart = Pick<TorrentOptions, 'metainfo' | 'folder' | 'files' | 'keepResume' | 'picker' | 'choker'> & {
  /** How many share what the person allows, evenly. */
  readonly swarms: number;
};

/** What a source stands for; of a magnet link peers are asked, for as long as it takes. */
export async function metainfoOf(
  source: TorrentSource,
  node: SwarmNode,
  options: DownloadOptions,
  screen: Console,
  stop: AbortSignal,
): Promise<VodMetainfo> {
  if (source.kind === 'torrent') return source.metainfo;
  const name = source.magnet.name ?? hex(source.magnet.infohash);
  const quiet = setTimeout(
    () => screen.note(`Nobody who has ${name} has told what it is yet; going on asking.`),
    QUIET_MS,
  );
  try {
    return await fetchMetainfo(source.magnet, node, options, stop);
  } finally {
    clearTimeout(quiet);
  }
}

/** @throws {Error} One line, if what came is no torrent that can be had. @throws The signal's reason. */
export async function fetchMetainfo(
  magnet: Magnet,
  node: SwarmNode,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<VodMetainfo> {
  const { infohash, trackers, webSeeds = [] } = magnet;
  const peers = [...options.peers, ...peersOf(magnet)];
  const metainfo = await node.fetchMetainfo({ infohash, trackers, peers, discovery: options.discovery, signal });
  // Each tracker of a link is a tier of its own (BEP 9); and its web seeds stand nowhere else.
  return withPieceHashes({ ...metainfo, trackers: trackers.map((url) => [url]), webSeeds }, metainfo.name);
}

/**
 * Checks what is there, then joins.
 * @throws {Error} One line: why the content can't be put there.
 */
export async function joinTorrent(
  node: SwarmNode,
  source: TorrentSource,
  options: DownloadOptions,
  { swarms, ...part }: TorrentPart,
  screen: Console,
  stop: AbortSignal,
): Promise<TorrentSession> {
  const { name } = part.metainfo;
  await checkSpace(part.folder, part.metainfo, part.files);
  let trouble = '';
  let checked = false;
  const torrent = await node.addTorrent({
    ...part,
    existing: 'trust-resume',
    uploadBitsPerSecondMax: options.uploadBitsPerSecondMax / swarms,
    downloadBitsPerSecondMax: options.downloadBitsPerSecondMax / swarms,
    peersMax: options.peersMax,
    peers: [...options.peers, ...(source.kind === 'magnet' ? peersOf(source.magnet) : [])],
    discovery: options.discovery,
    signal: stop,
    onEvent: (event) => {
      if (event.type === 'storageTrouble') trouble = event.reason;
      if (event.type === 'storageRecovered') trouble = '';
      if (event.type === 'checking' && checked) return;
      checked ||= event.type === 'checking';
      const line = eventLine(event);
      if (line !== undefined) screen.note(swarms > 1 ? `${name}: ${line}` : line);
    },
  });
  return { torrent, trouble: () => trouble };
}

function peersOf(magnet: Magnet): HostPort[] {
  return (magnet.peers ?? []).map(parseHostPort).filter((peer) => peer !== undefined);
}

/** A guess: most swarms answer sooner. */
const QUIET_MS = 2000;
