/** The numbers that pages and scripts read of a torrent, put together from the core and the connections. */
import { type Forecast, forecast, gapsBetween, type VodFigures } from '@tstream/peer-core';
import type { VodMetainfo } from '@tstream/tstream-format';
import { endpointText } from '../address.js';
import { hexOf, type Neighbours } from '../neighbours.js';
import type { ContentLayout } from './content-layout.js';
import type { Possession } from './possession.js';
import type { WebSeeds } from './web-seeds.js';

/** Counters end in Bytes, rates in BitsPerSecond, times in Ms; null: not known. */
export interface TorrentFigures {
  readonly title: string;
  readonly name: string;
  readonly infohash: string;
  /** Of all files. */
  readonly lengthBytes: number;
  /** Verified, of all files. */
  readonly bytesHeld: number;
  /** Of the files that are wanted. */
  readonly bytesWanted: number;
  /** Verified, of the files that are wanted. */
  readonly bytesWantedHeld: number;
  readonly pieces: number;
  readonly piecesHeld: number;
  readonly peers: number;
  readonly readers: number;
  /** All that came over sockets, messages included; likewise below. */
  readonly downBytes: number;
  readonly upBytes: number;
  /** Blocks that came for nothing. */
  readonly wastedBytes: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  /** Whole copies among the neighbours. */
  readonly availableCopies: number;
  /** Until all that is wanted is there, at the rate of now. */
  readonly etaMs: number | null;
  readonly uptimeMs: number;
  readonly peersBanned: number;
  readonly files: readonly FileFigures[];
  readonly neighbours: readonly TorrentNeighbourFigures[];
}

export interface FileFigures {
  /** Below the folder that a person chose, with slashes. */
  readonly path: string;
  readonly lengthBytes: number;
  readonly heldBytes: number;
  readonly isWanted: boolean;
}

export interface TorrentNeighbourFigures {
  /** Peer id in hex; empty for a web seed. */
  readonly id: string;
  /** Of a web seed its URL. */
  readonly address: string;
  readonly client: string;
  readonly kind: 'peer' | 'webSeed';
  readonly incoming: boolean;
  readonly piecesHeld: number;
  /** It chokes us. */
  readonly choking: boolean;
  /** We choke it. */
  readonly choked: boolean;
  readonly interested: boolean;
  readonly interestedInUs: boolean;
  readonly requestsOut: number;
  readonly requestsIn: number;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly ageMs: number | null;
}

export interface TorrentFiguresSources {
  readonly metainfo: VodMetainfo;
  readonly core: VodFigures;
  readonly neighbours: Neighbours;
  readonly webSeeds: WebSeeds;
  readonly possession: Possession;
  readonly readers: number;
  readonly startedMs: number;
  readonly nowMs: number;
}

export function torrentFigures(sources: TorrentFiguresSources): TorrentFigures {
  const { metainfo, core, neighbours, webSeeds, possession, readers, startedMs, nowMs } = sources;
  const all = core.neighbours.map((one) => neighbourFigures(one, sources));
  const webBytes = webSeeds.all().reduce((sum, { down }) => sum + down.totalBytes, 0);
  const downBitsPerSecond = all.reduce((sum, one) => sum + one.downBitsPerSecond, 0);
  const { wantedBytes, wantedHeldBytes } = possession;
  const lackedBytes = wantedBytes - wantedHeldBytes;
  return {
    title: metainfo.title ?? metainfo.name,
    name: metainfo.name,
    infohash: hexOf(metainfo.infohash),
    lengthBytes: metainfo.lengthBytes,
    bytesHeld: possession.heldBytes,
    bytesWanted: wantedBytes,
    bytesWantedHeld: wantedHeldBytes,
    pieces: core.pieces,
    piecesHeld: core.heldPieces,
    peers: all.length,
    readers,
    downBytes: neighbours.downBytes + webBytes,
    upBytes: neighbours.upBytes,
    wastedBytes: core.wastedBytes,
    downBitsPerSecond,
    upBitsPerSecond: all.reduce((sum, one) => sum + one.upBitsPerSecond, 0),
    availableCopies: core.availableCopies,
    etaMs: lackedBytes === 0 ? 0 : etaMs(lackedBytes, core.downBytesPerSecond),
    uptimeMs: nowMs - startedMs,
    peersBanned: neighbours.banned,
    files: metainfo.files.flatMap((file, at) => {
      if (file.isPadding) return [];
      const path = [...(metainfo.isFolder ? [metainfo.name] : []), ...file.path].join('/');
      const heldBytes = possession.heldBytesOf(at);
      return [{ path, lengthBytes: file.lengthBytes, heldBytes, isWanted: possession.isFileWanted(at) }];
    }),
    neighbours: all,
  };
}

function neighbourFigures(
  core: VodFigures['neighbours'][number],
  { neighbours, webSeeds, nowMs }: TorrentFiguresSources,
): TorrentNeighbourFigures {
  const connection = neighbours.get(core.connection);
  const seed = connection ? undefined : webSeeds.all().find(({ id }) => id === core.connection);
  const { kind, choking, choked, interested, interestedInUs, requestsOut, requestsIn } = core;
  const down = connection?.down ?? seed?.down;
  return {
    id: hexOf(connection?.peerId),
    address: connection ? endpointText(connection.remote) : (seed?.url ?? ''),
    client: connection?.extended?.client ?? '',
    kind,
    incoming: connection?.incoming ?? false,
    piecesHeld: core.heldPieces,
    choking,
    choked,
    interested,
    interestedInUs,
    requestsOut,
    requestsIn,
    downBytes: down?.totalBytes ?? 0,
    upBytes: connection?.up.totalBytes ?? 0,
    downBitsPerSecond: down?.bitsPerSecond(nowMs) ?? 0,
    upBitsPerSecond: connection?.up.bitsPerSecond(nowMs) ?? 0,
    ageMs: connection ? nowMs - connection.openedAtMs : null,
  };
}

/** By what comes of the content: messages alone bring nothing nearer. @returns null: nobody knows. */
function etaMs(lackedBytes: number, bytesPerSecond: number): number | null {
  return bytesPerSecond >= 1 ? Math.ceil((1000 * lackedBytes) / bytesPerSecond) : null;
}

/** Whether a file can be watched to its end from this place of the torrent, at what comes in now. */
export function fileForecast(
  metainfo: VodMetainfo,
  layout: ContentLayout,
  possession: Possession,
  place: { readonly file: number; readonly fromByte: number; readonly durationMs?: number | undefined },
  bytesPerSecondIn: number,
): Forecast {
  const { offsetBytes, lengthBytes } = layout.file(place.file);
  const endByte = offsetBytes + lengthBytes;
  const bytesAhead = endByte - place.fromByte;
  const gaps = gapsBetween(place.fromByte, endByte, layout.pieceLength, (index) => possession.isHeld(index));
  const { durationMs = place.durationMs, bitrateBitsPerSecond } = metainfo.perFile[place.file] ?? {};
  const restMs = durationMs && lengthBytes > 0 ? Math.round((durationMs * bytesAhead) / lengthBytes) : 0;
  const bitrateBytesPerSecond = (bitrateBitsPerSecond ?? 0) / 8;
  return forecast({ bytesAhead, gaps, bytesPerSecondIn, bitrateBytesPerSecond, restMs });
}

/** Bits per second that a file takes to be shown; undefined if nothing says. */
export function bitrateOf(metainfo: VodMetainfo, layout: ContentLayout, file: number): number | undefined {
  const { durationMs, bitrateBitsPerSecond } = metainfo.perFile[file] ?? {};
  if (bitrateBitsPerSecond !== undefined) return bitrateBitsPerSecond;
  return durationMs === undefined ? undefined : (8000 * layout.file(file).lengthBytes) / durationMs;
}
