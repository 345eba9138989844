/** The library `bittorrent-protocol` as a peer that has all of a torrent, and as one that fetches it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import Wire from 'bittorrent-protocol';
import { onTestFinished } from 'vitest';

/** A torrent's content as one array of bytes. */
export interface WireTorrent {
  readonly infohash: Uint8Array;
  readonly pieceLength: number;
  readonly lengthBytes: number;
  /** Whether the library says that it knows BEP 6. */
  readonly fast: boolean;
}

/** Listens on loopback, has everything, and serves whoever is interested; its port. */
export async function serveByLibrary(torrent: WireTorrent, content: Uint8Array): Promise<number> {
  const server = createServer((socket) => {
    const wire = wireOn(socket, torrent);
    wire.once('handshake', () => {
      shakeHands(wire, torrent);
      wire.bitfield(allPieces(torrent));
    });
    wire.on('interested', () => wire.unchoke());
    wire.on('request', (index: number, begin: number, length: number, answer: Answer) => {
      const at = index * torrent.pieceLength + begin;
      answer(null, content.subarray(at, at + length));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

/** Calls a seeder on loopback and fetches everything from it. */
export async function fetchByLibrary(torrent: WireTorrent, port: number): Promise<Uint8Array> {
  const socket = connect(port, '127.0.0.1');
  const wire = wireOn(socket, torrent);
  shakeHands(wire, torrent);
  const closed = once(wire, 'close').then(() => Promise.reject(new Error('the seeder has hung up')));
  const content = await Promise.race([closed, fetchAll(wire, torrent)]);
  wire.destroy();
  return content;
}

/** Calls a seeder on loopback, is interested, and fetches nothing; the pieces that it is told of, as they come. */
export async function lookByLibrary(torrent: WireTorrent, port: number): Promise<readonly number[]> {
  const wire = wireOn(connect(port, '127.0.0.1'), torrent);
  const pieces = Math.ceil(torrent.lengthBytes / torrent.pieceLength);
  const told: number[] = [];
  const tell = (isHeld: (index: number) => boolean) => {
    for (let index = 0; index < pieces; index++) if (isHeld(index)) told.push(index);
  };
  wire.on('bitfield', (bits: { get(index: number): boolean }) => tell((index) => bits.get(index)));
  wire.on('have-all', () => tell(() => true));
  wire.on('have', (index: number) => told.push(index));
  shakeHands(wire, torrent);
  const unchoked = once(wire, 'unchoke');
  wire.interested();
  await unchoked;
  return told;
}

type Answer = (error: Error | null, block: Uint8Array) => void;

async function fetchAll(wire: Wire, torrent: WireTorrent): Promise<Uint8Array> {
  // An unchoke may come in one packet with the bitfield.
  const unchoked = once(wire, 'unchoke');
  await Promise.race([once(wire, 'bitfield'), once(wire, 'have-all')]);
  wire.interested();
  await unchoked;
  const content = new Uint8Array(torrent.lengthBytes);
  const blocks = blocksOf(torrent);
  await Promise.all(
    Array.from({ length: REQUESTS_OUT }, async () => {
      for (const { at, lengthBytes } of blocks) {
        const index = Math.floor(at / torrent.pieceLength);
        content.set(await requested(wire, index, at - index * torrent.pieceLength, lengthBytes), at);
      }
    }),
  );
  return content;
}

function wireOn(socket: Socket, { infohash }: WireTorrent): Wire {
  const wire = new Wire();
  wire.on('handshake', (hex: string) => {
    if (hex !== Buffer.from(infohash).toString('hex')) wire.destroy();
  });
  // A neighbour may go in the middle of a message; what is missing then fails the test.
  for (const stream of [socket, wire]) stream.on('error', () => undefined);
  wire.on('close', () => socket.destroy());
  socket.pipe(wire).pipe(socket);
  onTestFinished(() => void socket.destroy());
  return wire;
}

function shakeHands(wire: Wire, { infohash, fast }: WireTorrent): void {
  wire.handshake(infohash, Buffer.concat([Buffer.from('-LW0001-'), randomBytes(12)]), { fast });
}

function requested(wire: Wire, index: number, begin: number, length: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    wire.request(index, begin, length, (error, block) => (error ? reject(error) : resolve(block)));
  });
}

/** Each once, whoever asks. */
function* blocksOf({ pieceLength, lengthBytes }: WireTorrent) {
  for (let piece = 0; piece < lengthBytes; piece += pieceLength) {
    const end = Math.min(piece + pieceLength, lengthBytes);
    for (let at = piece; at < end; at += BLOCK_BYTES) yield { at, lengthBytes: Math.min(BLOCK_BYTES, end - at) };
  }
}

/** BEP 3: the highest bit of the first byte is piece 0, and bits beyond the last piece are zero. */
function allPieces({ pieceLength, lengthBytes }: WireTorrent): Uint8Array {
  const pieces = Math.ceil(lengthBytes / pieceLength);
  const bitfield = new Uint8Array(Math.ceil(pieces / 8)).fill(0xff);
  if (pieces % 8 > 0) bitfield[bitfield.length - 1] = 0xff & (0xff << (8 - (pieces % 8)));
  return bitfield;
}

const BLOCK_BYTES = 16_384;
const REQUESTS_OUT = 64;
