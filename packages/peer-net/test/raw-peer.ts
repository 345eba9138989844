/** The other end of a connection, byte by byte: what a hostile process would write. */
import { randomBytes } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  Decoder,
  type ExtendedHandshake,
  encodeHandshake,
  encodeMessage,
  type Handshake,
  LOCAL_EXTENSION_IDS,
  type Message,
} from '@tstream/wire-ext';
import { until } from './stream.js';

export class RawPeer {
  readonly socket: Socket;
  readonly messages: Message[] = [];
  handshake: Handshake | undefined;
  closed = false;
  readonly peerId: Uint8Array;
  readonly #decoder = new Decoder();

  static async dial(port: number, peerId: Uint8Array = randomBytes(20)): Promise<RawPeer> {
    const socket = connect({ port, host: '127.0.0.1' });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawPeer(socket, peerId);
  }

  constructor(socket: Socket, peerId: Uint8Array = randomBytes(20)) {
    this.socket = socket;
    this.peerId = peerId;
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  write(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  sendHandshake(infohash: Uint8Array): void {
    this.write(encodeHandshake({ infohash, peerId: this.peerId, extended: true, dht: false, fast: false }));
  }

  /** Under the same ids as everybody's. */
  send(message: Message): void {
    this.write(encodeMessage(message, LOCAL_EXTENSION_IDS));
  }

  greet(infohash: Uint8Array, extended: Partial<ExtendedHandshake> = {}): void {
    this.sendHandshake(infohash);
    this.send({ type: 'extended-handshake', ids: LOCAL_EXTENSION_IDS, ...extended });
  }

  of<T extends Message['type']>(type: T): Extract<Message, { type: T }>[] {
    return this.messages.filter((message): message is Extract<Message, { type: T }> => message.type === type);
  }

  /** The reason that the other end gave; undefined if it gave none. */
  async closeReason(): Promise<string | undefined> {
    await until(() => this.closed);
    return this.of('close')[0]?.reason;
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk);
    for (let event = this.#decoder.next(); event !== undefined; event = this.#decoder.next()) {
      if (!event.ok) throw new Error(event.reason);
      if (event.value.type === 'handshake') this.handshake = event.value;
      if (event.value.type === 'message') this.messages.push(event.value.message);
    }
  }
}

/** Listens; what comes in is handed out as raw peers. */
export async function rawListener(onPeer: (peer: RawPeer) => void): Promise<{ port: number; close: () => void }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    onPeer(new RawPeer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
