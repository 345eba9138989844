/** What a torrent is made from, and what it tells. Rates are bits per second, sizes bytes. */
import type { Choker } from '@tstream/g2g-choker';
import type { VodPicker } from '@tstream/piece-picker';
import type { VodMetainfo } from '@tstream/tstream-format';
import type { HostPort } from '../address.js';
import type { TrackerEvent } from '../discovery.js';
import type { Ban } from '../neighbours.js';

export interface TorrentOptions {
  readonly metainfo: VodMetainfo;
  /** The content is in it, under the torrent's name: a file, or a folder of files. */
  readonly folder: string;
  /** Over all neighbours; Infinity for none. */
  readonly uploadBitsPerSecondMax: number;
  readonly downloadBitsPerSecondMax: number;
  readonly peersMax: number;
  /** Always tried, whatever else is found. */
  readonly peers: readonly HostPort[];
  /** false: no tracker, no peer exchange, only `peers`, web seeds, and whoever comes in. */
  readonly discovery: boolean;
  /** Policies; undefined: the defaults of on-demand peers. */
  readonly picker?: VodPicker | undefined;
  readonly choker?: Choker | undefined;
  /** It alone brings the torrent into the swarm: as long as nobody else has a piece, it is shown to one neighbour at a time (BEP 16). Changes nothing where something lacks. */
  readonly superSeeding?: boolean | undefined;
  /** Indices of the files that are wanted; undefined: all. */
  readonly files?: readonly number[] | undefined;
  /**
   * What to make of files that are there. `verify`: hash them; `trust-resume`: hash what changed since it was last
   * written down; `must-be-whole`: a seeder of a person's own files, which are never written to.
   */
  readonly existing: 'verify' | 'trust-resume' | 'must-be-whole';
  /** 1 for each piece that this process has hashed just now: believed. */
  readonly held?: Uint8Array | undefined;
  /** Write down beside the content what is there, so that the next start need not hash it. */
  readonly keepResume: boolean;
  /** Gives up hashing what is there, while the torrent is being opened. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: TorrentEvent) => void;
}

/** What happened, for people and scripts. */
export type TorrentEvent =
  /** Files that are there are hashed, before anything else. */
  | { readonly type: 'checking'; readonly checkedPieces: number; readonly pieces: number }
  /** A piece was verified and can be read. */
  | { readonly type: 'held'; readonly index: number }
  /** All that is wanted is on the disk. */
  | { readonly type: 'complete' }
  | ({ readonly type: 'banned' } & Ban)
  | TrackerEvent
  /** One line; unless it is over, the server is asked again later. */
  | { readonly type: 'webSeedTrouble'; readonly url: string; readonly reason: string; readonly isOver: boolean }
  /** Files can't be read or written as they should; one line. */
  | { readonly type: 'storageTrouble'; readonly reason: string }
  /** They can again. */
  | { readonly type: 'storageRecovered' };

export interface ReadOptions {
  /** It shows something already; undefined: it does. */
  readonly playing?: boolean | undefined;
  /** Bits per second; undefined: as the metainfo says. */
  readonly bitrate?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
