/**
 * One TCP port for BitTorrent and HTTP, told apart by the first byte of a connection: 0x13 begins BitTorrent's
 * handshake and no HTTP request.
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { plainAddress } from './address.js';
import { HalfOpen } from './half-open.js';

export interface ListenOptions {
  /** Address to listen on; undefined: all of this machine. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Answers HTTP; without it only BitTorrent is let in. */
  readonly http?: HttpServer | undefined;
  /**
   * A connection whose first bytes are BitTorrent's. It is paused; without this only HTTP is let in.
   * @param settle - To be called when its handshakes are done: before, it may go in favour of newer ones.
   */
  readonly onPeer?: ((socket: Socket, first: Uint8Array, settle: () => void) => void) | undefined;
}

export class Listener {
  readonly #server: Server;
  readonly #onPeer: ListenOptions['onPeer'];
  readonly #serveHttp: ((socket: Socket) => void) | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #halfOpen = new HalfOpen(HALF_OPEN_MAX, HALF_OPEN_OF_ADDRESS_MAX);

  /** @throws {PortError} If the port cannot be had. */
  static async open(options: ListenOptions): Promise<Listener> {
    const listener = new Listener(options);
    await listener.#listen(options);
    return listener;
  }

  private constructor({ http, onPeer }: ListenOptions) {
    this.#onPeer = onPeer;
    if (http) {
      // The HTTP server itself has to listen, or its time-outs never fire.
      const [serve] = http.rawListeners('connection');
      http.removeAllListeners('connection');
      this.#serveHttp = (socket) => serve?.call(http, socket);
      http.on('request', (request, response) => {
        const { socket } = request;
        const address = plainAddress(socket.remoteAddress ?? '');
        this.#halfOpen.delete(address, socket);
        response.once('close', () => {
          if (this.#sockets.has(socket)) this.#halfOpen.add(address, socket);
        });
      });
    }
    this.#server = http ?? createServer();
    this.#server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  get port(): number {
    return this.#address().port;
  }

  /** What it listens on: an address of this machine, `::` or `0.0.0.0`. */
  get host(): string {
    return this.#address().address;
  }

  /** Stops listening. Connections that came in here get a moment to say their last words. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, LAST_WORDS_MS);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #address(): AddressInfo {
    // A TCP server that listens has one.
    return this.#server.address() as AddressInfo;
  }

  #listen({ host, port }: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (cause: NodeJS.ErrnoException) => reject(portError(host, port, cause));
      this.#server.once('error', refuse);
      this.#server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        this.#server.off('error', refuse);
        // Running out of file descriptors is for the next connection to try again.
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#halfOpen.delete(address, socket);
    });
    const giveUp = () => socket.destroy();
    const onReadable = () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.off('readable', onReadable).off('end', giveUp).off('timeout', giveUp);
      socket.setTimeout(0);
      this.#route(socket, first, () => this.#halfOpen.delete(address, socket));
    };
    socket.on('readable', onReadable).on('end', giveUp).on('timeout', giveUp);
    socket.setTimeout(FIRST_BYTE_MS_MAX);
    this.#halfOpen.add(address, socket);
  }

  #route(socket: Socket, first: Buffer, settle: () => void): void {
    if (first[0] === HANDSHAKE_FIRST_BYTE && this.#onPeer) this.#onPeer(socket, first, settle);
    else if (first[0] !== HANDSHAKE_FIRST_BYTE && this.#serveHttp) {
      socket.unshift(first);
      this.#serveHttp(socket);
    } else socket.destroy();
  }
}

/** An HTTP server with limits that a hostile client meets early. It answers nothing yet and does not listen. */
export function createBoundedHttpServer(): HttpServer {
  const server = createHttpServer({
    maxHeaderSize: 8192,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 2000,
  });
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

function portError(host: string | undefined, port: number, cause: NodeJS.ErrnoException): PortError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new PortError(`${where} is taken by another program: choose another port`, { cause });
    case 'EACCES':
      return new PortError(`${where} needs more rights: choose a port above 1023`, { cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortError(`this machine has no address ${host}: choose another one to listen on`, { cause });
    default:
      return new PortError(`cannot listen on ${where}: ${cause.message}`, { cause });
  }
}

/** BEP 3: the length of "BitTorrent protocol". */
const HANDSHAKE_FIRST_BYTE = 0x13;
const FIRST_BYTE_MS_MAX = 10_000;
const LAST_WORDS_MS = 300;
/** File descriptors are often limited to 1024 or 4096. */
const CONNECTIONS_MAX = 1000;
/** Honest peers are half-open for a round trip, so these are hundreds of newcomers a second. */
const HALF_OPEN_MAX = 256;
const HALF_OPEN_OF_ADDRESS_MAX = 64;

/** The port to listen on cannot be had. */
export class PortError extends Error {
  override readonly name = 'PortError';
}
