/** What a torrent is put together from: its peer, its neighbours, and where it finds them. */
import { randomBytes } from 'node:crypto';
import { reciprocal } from '@tstream/g2g-choker';
import { createVodPeer, type VodPeer } from '@tstream/peer-core';
import { vodDeadline } from '@tstream/piece-picker';
import { LOCAL_EXTENSION_IDS } from '@tstream/wire-ext';
import type { BanList } from '../bans.js';
import { monotonicMs } from '../clock.js';
import { Discovery } from '../discovery.js';
import { Neighbours, type NeighboursHooks } from '../neighbours.js';
import { newPeerId } from '../peer-id.js';
import { random } from '../random.js';
import type { SwarmSurroundings } from '../surroundings.js';
import type { Possession } from './possession.js';
import type { TorrentOptions } from './torrent-options.js';

export function torrentPeer(options: TorrentOptions, possession: Possession, nowMs: number): VodPeer {
  const { metainfo, uploadBitsPerSecondMax, downloadBitsPerSecondMax, picker = vodDeadline } = options;
  const { choker = reciprocal } = options;
  return createVodPeer(
    {
      lengthBytes: metainfo.lengthBytes,
      pieceBytes: metainfo.pieceLength,
      held: possession.heldBytemap(),
      wanted: possession.wantedBytemap(),
      superSeeding: options.superSeeding,
      uploadBytesPerSecond: uploadBitsPerSecondMax / 8,
      downloadBytesPerSecond: downloadBitsPerSecondMax / 8,
      picker,
      choker,
      random,
    },
    nowMs,
  );
}

export function torrentNeighbours(
  options: TorrentOptions,
  { client, port }: Pick<SwarmSurroundings, 'client' | 'port'>,
  bans: BanList,
  hooks: NeighboursHooks,
): Neighbours {
  const { infohash, infoBytes } = options.metainfo;
  const { ut_pex, ...others } = LOCAL_EXTENSION_IDS;
  const ids = mayExchange(options) ? { ...others, ut_pex } : others;
  return new Neighbours(
    {
      greeting: {
        kind: 'vod',
        infohash,
        peerId: newPeerId(randomBytes(12)),
        extended: {
          type: 'extended-handshake',
          ids,
          client,
          port,
          requestsMax: REQUESTS_MAX,
          metadataBytes: infoBytes.length,
        },
      },
      peersMax: options.peersMax,
      bans,
      nowMs: monotonicMs,
    },
    hooks,
  );
}

export function torrentDiscovery(
  options: TorrentOptions,
  { connections, port }: Pick<SwarmSurroundings, 'connections' | 'port'>,
  neighbours: Neighbours,
  bans: BanList,
  possession: Possession,
): Discovery {
  const { metainfo, peers, discovery, onEvent } = options;
  return new Discovery(
    {
      peers,
      enabled: discovery,
      exchange: mayExchange(options),
      trackers: metainfo.trackers.flat(),
      seeksSource: false,
      neighboursWanted: NEIGHBOURS_WANTED,
      random,
      announce: () => ({
        infohash: metainfo.infohash,
        peerId: neighbours.greeting.peerId,
        port,
        upBytes: neighbours.upBytes,
        downBytes: neighbours.downBytes,
        leftBytes: possession.lackedBytes,
        peersWanted: PEERS_WANTED,
      }),
    },
    {
      connect: (socket) => connections.dialled(socket, neighbours),
      nowMs: monotonicMs,
      onTracker: (event) => onEvent(event),
    },
    neighbours,
    bans,
    monotonicMs(),
  );
}

/** BEP 27: who is in a private torrent hears of others by its trackers alone. */
function mayExchange({ metainfo, discovery }: TorrentOptions): boolean {
  return discovery && !metainfo.isPrivate;
}

/** What most clients queue. */
const REQUESTS_MAX = 250;
/**
 * Between 12, with which live swarms lose nothing, and the 50 that most clients have. With ten, 400 simulated viewers of a film stall for 6.8 s beside 100
 * free-riders, with thirty for 2.6; without free-riders 500 stall for 0.7 and 0.8 s (default policies, one seed).
 */
const NEIGHBOURS_WANTED = 30;
/** Usual of trackers. */
const PEERS_WANTED = 50;
