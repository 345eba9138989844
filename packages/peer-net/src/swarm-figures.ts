/** The numbers that pages and scripts read, put together from the core and the connections. */
import type { NeighbourFigures as CoreNeighbour, Figures, Peer, PieceStrip, PlayedPiece } from '@tstream/peer-core';
import type { LiveMetainfo } from '@tstream/tstream-format';
import { endpointText } from './address.js';
import type { Connection } from './connection.js';
import { hexOf, type Neighbours } from './neighbours.js';

/** Counters end in Bytes, rates in BitsPerSecond, times in Ms; null: not known. */
export interface SwarmFigures {
  readonly title: string;
  readonly infohash: string;
  readonly state: Figures['state'];
  /** The state as a sentence. */
  readonly stateText: string;
  readonly peers: number;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly bytesFromSource: number;
  readonly bytesFromPeers: number;
  readonly edgeRun: number | null;
  readonly edgeSeq: number | null;
  readonly edgeAgeMs: number | null;
  readonly playRun: number | null;
  readonly playSeq: number | null;
  /** Now minus the source time of what is played, by both wall clocks. */
  readonly latencyMs: number | null;
  readonly lagMs: number;
  readonly bufferMs: number;
  readonly stalls: number;
  readonly stallMs: number;
  readonly piecesDropped: number;
  readonly piecesRejected: number;
  readonly peersBanned: number;
  readonly readers: number;
  readonly uptimeMs: number;
  readonly bitrateBitsPerSecond: number | null;
  readonly windowPieces: number;
  readonly heldPieces: number;
  /** Share of neighbours, 0–1, that hold the piece made about two seconds ago. */
  readonly heldByMedian: number | null;
  readonly pieces: PieceStrip | null;
  readonly neighbours: readonly NeighbourFigures[];
}

export interface NeighbourFigures {
  /** Peer id in hex. */
  readonly id: string;
  readonly address: string;
  readonly client: string;
  readonly isSource: boolean;
  readonly incoming: boolean;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly rttMs: number | null;
  readonly strikes: number;
  readonly ageMs: number;
  readonly behindPieces: number | null;
  /** Of the newest pieces, those that we hold and it, which wants them, doesn't. */
  readonly lacksPieces: number;
}

export interface FiguresSources {
  readonly metainfo: LiveMetainfo;
  readonly peer: Peer;
  readonly neighbours: Neighbours;
  readonly readers: number;
  readonly startedMs: number;
  readonly nowMs: number;
}

export function swarmFigures({ metainfo, peer, neighbours, readers, startedMs, nowMs }: FiguresSources): SwarmFigures {
  const core = peer.figures();
  const all = neighbours.all().map((one) => neighbourFigures(one, core.neighbours.get(one.id), nowMs));
  const { played, heldByThousandths } = core;
  return {
    title: metainfo.title ?? metainfo.name,
    infohash: hexOf(metainfo.infohash),
    state: core.state,
    stateText: STATE_TEXTS[core.state],
    peers: all.length,
    downBytes: neighbours.downBytes,
    upBytes: neighbours.upBytes,
    downBitsPerSecond: all.reduce((sum, { downBitsPerSecond }) => sum + downBitsPerSecond, 0),
    upBitsPerSecond: all.reduce((sum, { upBitsPerSecond }) => sum + upBitsPerSecond, 0),
    bytesFromSource: core.bytesFromSource,
    bytesFromPeers: core.bytesFromPeers,
    edgeRun: core.edgeRun ?? null,
    edgeSeq: core.edgeSeq ?? null,
    edgeAgeMs: core.edgeAgeMs ?? null,
    playRun: core.playRun ?? null,
    playSeq: core.playSeq ?? null,
    latencyMs: played ? Date.now() - playedSourceMs(played, nowMs) : null,
    lagMs: core.lagMs,
    bufferMs: core.bufferMs,
    stalls: core.stalls,
    stallMs: core.stallMs,
    piecesDropped: core.piecesDropped,
    piecesRejected: core.piecesRejected,
    peersBanned: neighbours.banned,
    readers,
    uptimeMs: nowMs - startedMs,
    bitrateBitsPerSecond: metainfo.bitrateBitsPerSecond ?? null,
    windowPieces: metainfo.windowPieces,
    heldPieces: core.heldPieces,
    heldByMedian: heldByThousandths === undefined ? null : heldByThousandths / 1000,
    pieces: peer.pieceStrip(STRIP_PIECES) ?? null,
    neighbours: all,
  };
}

/** Source time of what is being played: a piece is delivered when its first byte is due. */
function playedSourceMs({ sourceTimeMs, atMs, lastsMs }: PlayedPiece, nowMs: number): number {
  return sourceTimeMs + Math.min(nowMs - atMs, lastsMs);
}

function neighbourFigures(connection: Connection, core: CoreNeighbour | undefined, nowMs: number): NeighbourFigures {
  const { down, up, remote } = connection;
  return {
    id: hexOf(connection.peerId),
    address: endpointText(remote),
    client: connection.extended?.client ?? '',
    isSource: core?.isSource ?? false,
    incoming: connection.incoming,
    downBytes: down.totalBytes,
    upBytes: up.totalBytes,
    downBitsPerSecond: down.bitsPerSecond(nowMs),
    upBitsPerSecond: up.bitsPerSecond(nowMs),
    rttMs: core?.rttMs ?? null,
    strikes: core?.strikes ?? 0,
    ageMs: nowMs - connection.openedAtMs,
    behindPieces: core?.behindPieces ?? null,
    lacksPieces: core?.lacksPieces ?? 0,
  };
}

const STATE_TEXTS: Record<Figures['state'], string> = {
  idle: 'Serving others.',
  waiting: 'Waiting for the broadcast to begin.',
  buffering: 'Buffering.',
  playing: 'Playing.',
  stalled: 'Waiting for a piece that is late.',
  paused: 'Paused.',
  stale: 'Nothing new from the broadcaster.',
  ended: 'The broadcast has ended.',
};
const STRIP_PIECES = 240;
