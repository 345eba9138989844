/** One process on one TCP port, in any number of swarms. */
import { monotonicMs } from './clock.js';
import { Connections } from './connections.js';
import { type Route, serveRoutes } from './http-routes.js';
import { createBoundedHttpServer, Listener } from './listener.js';
import { hexOf } from './neighbours.js';
import { random } from './random.js';
import { Swarm, type SwarmOptions, type SwarmSurroundings } from './swarm.js';
import { TrackerServer } from './tracker-server.js';
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
  /** Leaves all swarms and frees everything, within two seconds or so. */
  close(): Promise<void>;
}

/** @throws {PortError} If the port cannot be had. */
export async function createSwarmNode(options: SwarmNodeOptions): Promise<SwarmNode> {
  const members = new Map<string, Swarm | Torrent>();
  const connections = new Connections((infohash) => members.get(hexOf(infohash))?.neighbours);
  let tracker: TrackerServer | undefined;
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
  const timer = setInterval(() => {
    const nowMs = monotonicMs();
    connections.tick(nowMs);
    for (const member of members.values()) member.tick(nowMs);
  }, TICK_MS);
  const opening = new Set<string>();
  /** What a node is in, on one port and under one tracker. */
  const join = async <T extends Swarm | Torrent>(
    infohash: Uint8Array,
    open: (surroundings: SwarmSurroundings) => Promise<T>,
  ): Promise<T> => {
    const key = hexOf(infohash);
    if (members.has(key) || opening.has(key))
      throw new RangeError(`expected a swarm that the node is not in, got ${key}`);
    const onClosed = () => {
      members.delete(key);
      tracker?.delete(infohash);
    };
    opening.add(key);
    try {
      const member = await open({ connections, port, client: options.client, onClosed });
      members.set(key, member);
      tracker?.add(infohash);
      member.tick(monotonicMs());
      return member;
    } finally {
      opening.delete(key);
    }
  };
  return {
    port,
    get swarms() {
      return [...members.values()].filter((member) => member instanceof Swarm);
    },
    get torrents() {
      return [...members.values()].filter((member) => member instanceof Torrent);
    },
    addSwarm: (swarmOptions) => join(swarmOptions.metainfo.infohash, (around) => Swarm.open(swarmOptions, around)),
    addTorrent: (torrent) => join(torrent.metainfo.infohash, (around) => Torrent.open(torrent, around)),
    async close() {
      clearInterval(timer);
      await Promise.all([...members.values()].map((member) => member.close()));
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
