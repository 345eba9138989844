/**
 * The tracker that a source carries with it: bittorrent-tracker's server on our own HTTP server and UDP socket, for our
 * own swarms only.
 *
 * Its UDP part takes any connection id, so that a forged sender gets answers five times the size of the question; the
 * ids are therefore made and checked here (BEP 15), and the address is always the one that the packet came from.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import type { PeerAddress } from '@tstream/wire-ext';
import { plainAddress } from './address.js';
import { monotonicMs } from './clock.js';
import { probe } from './probe.js';
import { loadTrackerLibrary, type TrackerLibrary } from './tracker-library.js';
import { ListedSwarm, TRACKER_INTERVAL_MS } from './tracker-swarm.js';

export interface TrackerServerOptions {
  /** Address that the TCP port listens on. */
  readonly host: string;
  /** The number of the TCP port. */
  readonly port: number;
  readonly random: (below: number) => number;
  /** UDP cannot be had; HTTP works all the same. */
  readonly onTrouble: (reason: string) => void;
}

export class TrackerServer {
  readonly #server: TrackerLibrary;
  readonly #options: TrackerServerOptions;
  readonly #secret = randomBytes(16);
  readonly #swarms = new Map<string, ListedSwarm>();
  #udp: Socket | undefined;

  /** Loads the library, which takes a while, only when a tracker is wanted. */
  static async open(options: TrackerServerOptions): Promise<TrackerServer> {
    const tracker = new TrackerServer(await loadTrackerLibrary(TRACKER_INTERVAL_MS), options);
    await tracker.#bind();
    return tracker;
  }

  private constructor(server: TrackerLibrary, options: TrackerServerOptions) {
    this.#server = server;
    this.#options = options;
    server.getSwarm = (infohash, done) => {
      const swarm = this.#swarms.get(infohash);
      done(swarm ? null : new Error('this tracker does not serve that infohash'), swarm);
    };
  }

  /** Serves a swarm from now on. */
  add(infohash: Uint8Array): void {
    const swarm = new ListedSwarm({
      probe: (endpoint: PeerAddress) => probe(endpoint, infohash),
      random: this.#options.random,
    });
    this.#swarms.set(Buffer.from(infohash).toString('hex'), swarm);
  }

  delete(infohash: Uint8Array): void {
    this.#swarms.delete(Buffer.from(infohash).toString('hex'));
  }

  /** Answers `/announce` and `/scrape`. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('content-type', 'text/plain');
    this.#server.onHttpRequest(request, response);
  }

  close(): void {
    // The UDP socket is the library's too.
    this.#server.close();
  }

  async #bind(): Promise<void> {
    const { host, port } = this.#options;
    const socket = await bound(isIPv4(host) ? 'udp4' : 'udp6', host, port).catch((error: Error) => {
      this.#options.onTrouble(`no UDP tracker on port ${port} (${error.message}): the HTTP one works`);
      return undefined;
    });
    if (!socket) return;
    this.#udp = socket;
    const dual = socket.address().family === 'IPv6';
    this.#server.udp6 = socket;
    // A socket for both families wants IPv4 in IPv6's clothes.
    this.#server.udp4 = {
      send: (packet, at, bytes, port, address) =>
        socket.send(packet, at, bytes, port, dual ? `::ffff:${address}` : address),
    };
    socket.on('error', () => undefined);
    socket.on('message', (message, sender) => this.#onPacket(message, sender));
  }

  #onPacket(message: Buffer, sender: RemoteInfo): void {
    if (message.length < 16) return;
    const address = plainAddress(sender.address);
    const ids = [0, 1].map((age) => this.#connectionId(address, Math.floor(monotonicMs() / ID_MS) - age));
    if (message.readUInt32BE(8) === CONNECT) {
      if (message.readBigUInt64BE(0) !== PROTOCOL_ID) return;
      const answer = Buffer.concat([message.subarray(8, 16), ids[0] as Buffer]);
      this.#udp?.send(answer, sender.port, sender.address);
      return;
    }
    if (!ids.some((id) => id.equals(message.subarray(0, 8)))) return;
    message.writeBigUInt64BE(PROTOCOL_ID, 0);
    // BEP 15 lets a peer name another address than its own.
    if (message.length >= 88) message.writeUInt32BE(0, 84);
    this.#server.onUdpRequest(message, { address, port: sender.port, family: isIPv4(address) ? 'IPv4' : 'IPv6' });
  }

  #connectionId(address: string, period: number): Buffer {
    return createHash('sha256').update(this.#secret).update(`${period} ${address}`).digest().subarray(0, 8);
  }
}

function bound(type: 'udp4' | 'udp6', address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(type);
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

const PROTOCOL_ID = 0x41727101980n;
const CONNECT = 0;
/** BEP 15: an id is valid for two minutes. */
const ID_MS = 120_000;
