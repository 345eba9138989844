/** One process on one TCP port, in any number of swarms. */
import type { VodMetainfo } from '@tstream/tstream-format';
import { monotonicMs } from './clock.js';
import { type Route, serveRoutes } from './http-routes.js';
import { createBoundedHttpServer, Listener } from './listener.js';
import { Members } from './members.js';
import { random } from './random.js';
import type { SwarmSurroundings } from './surroundings.js';
import { Swarm, type SwarmOptions } from './swarm.js';
import { TrackerServer } from './tracker-server.js';
import { HashPool } from './vod/hash-pool.js';
import { type FetchMetainfoOptions, MetadataFetch } from './vod/metadata-fetch.js';
import { Torrent } from './vod/torrent.js';
import type { TorrentOptions } from './vod/torrent-options.js';

export interface SwarmNodeOptions {
  /** Address to listen on; undefined: all of this machine. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Name and version of the program, 1–64 printable characters. */
  readonly client: string;
  /** What the port answers over HTTP; undefined: it speaks BitTorrent only. */
  readonly http?: { readonly routes: readonly Route[]; readonly token?: string | undefined } | undefined;
  /** Carry a tracker for our own swarms: over HTTP at `/announce`, if there is `http`, and UDP on the same number. */
  readonly tracker?: boolean | undefined;
  /** Something works less well than it could; one line. */
  readonly onTrouble: (reason: string) => void;
}

export interface SwarmNode {
  /** Where it listens. */
  readonly port: number;
  readonly swarms: readonly Swarm[];
  /**
   * @throws {RangeError} If the node is in this swarm already.
   * @throws {StorageError} If the folder for older pieces cannot be written.
   */
  addSwarm(options: SwarmOptions): Promise<Swarm>;
  readonly torrents: readonly Torrent[];
  /**
   * Checks what is there, then joins.
   * @throws {RangeError} If the node is in this swarm already.
   * @throws {StorageError} If the content's place can't be had; one line that says what to do.
   */
  addTorrent(options: TorrentOptions): Promise<Torrent>;
  /**
   * Gets from peers what a magnet link only names; tries until it is there, or the signal ends it.
   * @throws {RangeError} If the node is in this swarm already.
   * @throws {MetainfoError} If it is that of a torrent that can't be had; one line.
   */
  fetchMetainfo(options: FetchMetainfoOptions): Promise<VodMetainfo>;
  /** Leaves all swarms and frees everything, within two seconds or so. */
  close(): Promise<void>;
}

/** @throws {PortError} If the port cannot be had. */
export async function createSwarmNode(options: SwarmNodeOptions): Promise<SwarmNode> {
  let tracker: TrackerServer | undefined;
  const members = new Members({
    onJoined: (infohash) => tracker?.add(infohash),
    onLeft: (infohash) => tracker?.delete(infohash),
  });
  const { connections } = members;
  const hashing = new HashPool();
  const http = options.http && createBoundedHttpServer();
  if (http && options.http) {
    const routes = options.tracker ? [...options.http.routes, ...trackerRoutes(() => tracker)] : options.http.routes;
    serveRoutes(http, { routes, token: options.http.token });
  }
  const listener = await Listener.open({
    host: options.host,
    port: options.port,
    http,
    onPeer: (socket, first, settle) => connections.accept(socket, first, settle),
  });
  const { port, host } = listener;
  if (options.tracker) {
    tracker = await TrackerServer.open({
      host,
      port,
      random,
      onTrouble: options.onTrouble,
    });
  }
  const timer = setInterval(() => members.tick(monotonicMs()), TICK_MS);
  const around = (onClosed: () => void, closing: AbortSignal): SwarmSurroundings => ({
    connections,
    hashing,
    port,
    client: options.client,
    onClosed,
    closing,
  });
  return {
    port,
    get swarms() {
      return members.all().filter((member) => member instanceof Swarm);
    },
    get torrents() {
      return members.all().filter((member) => member instanceof Torrent);
    },
    addSwarm: (swarm) => members.join(swarm.metainfo.infohash, (...end) => Swarm.open(swarm, around(...end))),
    addTorrent: (torrent) => members.join(torrent.metainfo.infohash, (...end) => Torrent.open(torrent, around(...end))),
    async fetchMetainfo(wanted) {
      const fetch = await members.join(wanted.infohash, (...end) => new MetadataFetch(wanted, around(...end)));
      return fetch.metainfo.finally(() => fetch.close());
    },
    async close() {
      clearInterval(timer);
      await members.close();
      await hashing.close();
      tracker?.close();
      await listener.close();
    },
  };
}

function trackerRoutes(tracker: () => TrackerServer | undefined): Route[] {
  return ['/announce', '/scrape'].map((path) => ({
    path,
    access: 'anyone',
    answer: (request, response) => {
      const server = tracker();
      if (server) server.answer(request, response);
      else response.writeHead(503).end();
    },
  }));
}

/** Fine enough for the shortest wait before dialling again. */
const TICK_MS = 250;
