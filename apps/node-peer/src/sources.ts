/** What a person gave as SOURCE, told apart by what it is: a magnet link by its text, anything else by its content. */
import { Failure } from '@tstream/command-line';
import { loadMetainfo } from '@tstream/peer-net';
import {
  type LiveMetainfo,
  type Magnet,
  type MagnetReason,
  type Metainfo,
  parseMagnet,
  type VodMetainfo,
} from '@tstream/tstream-format';

/** An on-demand torrent, or a link to one. */
export type TorrentSource =
  | { readonly kind: 'torrent'; readonly metainfo: VodMetainfo }
  | { readonly kind: 'magnet'; readonly magnet: Magnet };

export type Source = { readonly kind: 'live'; readonly metainfo: LiveMetainfo } | TorrentSource;

/** @throws {Error} One line, if it can't be read, or taken part in. @throws The signal's reason. */
export async function loadSource(source: string, stop: AbortSignal): Promise<Source> {
  if (/^magnet:/i.test(source)) return { kind: 'magnet', magnet: readMagnet(source) };
  if (/^[0-9a-f]{40}$/i.test(source))
    throw new Failure(`to name a torrent by its infohash, write magnet:?xt=urn:btih:${source}`);
  const { metainfo } = await loadMetainfo(source, stop);
  if (metainfo.kind === 'live') return { kind: 'live', metainfo };
  return { kind: 'torrent', metainfo: withPieceHashes(metainfo, source) };
}

/** @throws {Error} One line, if it can't be read, or is no live stream. */
export async function loadLive(source: string, stop: AbortSignal): Promise<LiveMetainfo> {
  const found = await loadSource(source, stop);
  if (found.kind === 'live') return found.metainfo;
  throw new Failure(`${source} is an on-demand torrent, not a live stream: use watch or download`);
}

/** @throws {Error} One line, if it can't be read, or is a live stream. */
export async function loadTorrent(source: string, stop: AbortSignal): Promise<TorrentSource> {
  const found = await loadSource(source, stop);
  if (found.kind !== 'live') return found;
  throw new Failure(`${source} is a live stream, which has no end to download: use watch or record`);
}

/** @throws {Failure} If it is for BitTorrent 2 alone. */
export function withPieceHashes<M extends Metainfo>(metainfo: M, source: string): M {
  if (metainfo.kind === 'live' || metainfo.pieceHashes !== undefined) return metainfo;
  throw new Failure(
    `${source} is a torrent for BitTorrent 2 (BEP 52) alone, which is not spoken here: ask for a hybrid one`,
  );
}

function readMagnet(link: string): Magnet {
  const read = parseMagnet(link);
  if (read.ok) return read.value;
  throw new Failure(`this magnet link ${MAGNET_REASONS[read.reason]}`);
}

const MAGNET_REASONS: Readonly<Record<MagnetReason, string>> = {
  'not-magnet': 'does not begin with magnet:?',
  'too-long': 'is longer than any that is meant',
  'escape-malformed': 'has a broken escape (%..): copy it again',
  'infohash-missing': 'names no torrent: it needs xt=urn:btih:',
  'infohash-malformed': 'names no torrent: its infohash is not 40 hexadecimal digits',
};
