/** Announces to a UDP tracker (BEP 15): a connection id first, so that nobody announces from an address not theirs. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { plainAddress } from './address.js';
import { type Announce, type Announced, compactPeers, TrackerError } from './tracker.js';

/** @throws {TrackerError} One line that says what went wrong. */
export async function announceUdp(tracker: URL, announce: Announce, signal: AbortSignal): Promise<Announced> {
  const name = tracker.hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(name).catch((cause: unknown) => {
    throw new TrackerError('no such host', { cause });
  });
  signal.throwIfAborted();
  const socket = createSocket(found.family === 6 ? 'udp6' : 'udp4');
  socket.on('error', () => undefined);
  const abort = () => socket.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await connected(socket, Number(tracker.port), found.address);
    const connectionId = (await ask(socket, (id) => connectRequest(id), CONNECT)).subarray(8, 16);
    const answer = await ask(socket, (id) => announceRequest(connectionId, id, announce), ANNOUNCE);
    return {
      intervalMs: answer.readUInt32BE(8) * 1000,
      peers: compactPeers(answer.subarray(20), found.family === 6 ? 16 : 4),
      teller: plainAddress(found.address),
    };
  } finally {
    signal.removeEventListener('abort', abort);
    if (!signal.aborted) socket.close();
  }
}

function connected(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new TrackerError('given up')));
    socket.connect(port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

/** BEP 15 has 15 · 2ⁿ seconds; a viewer cannot wait that long, and other ways to find peers are open meanwhile. */
async function ask(socket: Socket, request: (id: number) => Buffer, action: number): Promise<Buffer> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const id = randomBytes(4).readUInt32BE();
    const answer = await exchange(socket, request(id), id);
    if (!answer) continue;
    if (answer.readUInt32BE(0) === ERROR) throw new TrackerError('refused by the tracker');
    if (answer.readUInt32BE(0) !== action || answer.length < (action === CONNECT ? 16 : 20)) {
      throw new TrackerError('the answer is not that of a tracker');
    }
    return answer;
  }
  throw new TrackerError('no answer');
}

function exchange(socket: Socket, request: Buffer, id: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      clearTimeout(timer);
      socket.off('message', onMessage).off('error', onError).off('close', onClose);
      end();
    };
    const onMessage = (message: Buffer) => {
      if (message.length >= 8 && message.readUInt32BE(4) === id) finish(() => resolve(message));
    };
    const onError = (cause: Error) => finish(() => reject(new TrackerError('nobody answers there', { cause })));
    const onClose = () => finish(() => reject(new TrackerError('given up')));
    const timer = setTimeout(() => finish(() => resolve(undefined)), ANSWER_MS_MAX);
    socket.on('message', onMessage).on('error', onError).on('close', onClose);
    socket.send(request);
  });
}

function connectRequest(id: number): Buffer {
  const request = Buffer.alloc(16);
  request.writeBigUInt64BE(PROTOCOL_ID, 0);
  request.writeUInt32BE(CONNECT, 8);
  request.writeUInt32BE(id, 12);
  return request;
}

function announceRequest(connectionId: Uint8Array, id: number, announce: Announce): Buffer {
  const request = Buffer.alloc(98);
  request.set(connectionId, 0);
  request.writeUInt32BE(ANNOUNCE, 8);
  request.writeUInt32BE(id, 12);
  request.set(announce.infohash, 16);
  request.set(announce.peerId, 36);
  request.writeBigUInt64BE(BigInt(announce.downBytes), 56);
  request.writeBigUInt64BE(BigInt(announce.leftBytes), 64);
  request.writeBigUInt64BE(BigInt(announce.upBytes), 72);
  request.writeUInt32BE(announce.event === undefined ? 0 : EVENTS[announce.event], 80);
  // 84: our address is whatever the tracker sees.
  request.writeUInt32BE(
    announce.peerId.reduce((key, byte) => (key * 31 + byte) >>> 0, 0),
    88,
  );
  request.writeInt32BE(announce.peersWanted, 92);
  request.writeUInt16BE(announce.port, 96);
  return request;
}

const PROTOCOL_ID = 0x41727101980n;
const CONNECT = 0;
const ANNOUNCE = 1;
const ERROR = 3;
const EVENTS = { completed: 1, started: 2, stopped: 3 } as const;
const TRIES = 3;
const ANSWER_MS_MAX = 2500;
