/** A torrent that is served to others: from files that are there; what lacks is downloaded first. */
import type { SwarmNode, Torrent } from '@tstream/peer-net';
import type { Console } from '../console.js';
import type { VodPolicies } from '../policies.js';
import type { TorrentSource } from '../sources.js';
import type { DownloadOptions } from './torrent-options.js';
import { joinTorrent, metainfoOf } from './torrent-session.js';

export interface Seeding {
  readonly options: DownloadOptions;
  /** Where its files are, or go. */
  readonly folder: string;
  readonly policies: VodPolicies;
  /** How many share what the person allows, evenly. */
  readonly swarms: number;
  readonly screen: Console;
  readonly over: AbortSignal;
}

export async function seedTorrent(
  node: SwarmNode,
  source: TorrentSource,
  { options, folder, policies, swarms, screen, over }: Seeding,
): Promise<Torrent> {
  const metainfo = await metainfoOf(source, node, options, screen, over);
  const part = { metainfo, folder, files: undefined, keepResume: true, swarms, ...policies };
  const { torrent } = await joinTorrent(node, source, options, part, screen, over);
  const { infohash } = torrent.figures();
  void torrent.whole.then(() => screen.event({ event: 'complete', infohash }, `${metainfo.name}: all of it is here.`));
  return torrent;
}
