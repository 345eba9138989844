import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { encodeHandshake, encodeMessage, LOCAL_EXTENSION_IDS, type Message } from '@tstream/wire-ext';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../src/connection.js';
import type { ConnectionOwner } from '../src/connection-owner.js';
import { until } from './stream.js';

const infohash = new Uint8Array(20).fill(7);

class Owner implements ConnectionOwner {
  readonly greeting = {
    kind: 'live',
    infohash,
    peerId: new Uint8Array(20).fill(1),
    extended: { type: 'extended-handshake', ids: LOCAL_EXTENSION_IDS },
  } as const;
  readonly log: string[] = [];
  onHandshake = (): undefined => undefined;
  onOpen = (): undefined => undefined;
  onExtended = (): undefined => undefined;
  onMessage: (connection: Connection, message: Message) => void = (_connection, { type }) => this.log.push(type);
  onPieceStarted = (_connection: Connection, index: number, begin: number) =>
    void this.log.push(`piece ${index} ${begin}`);
  onBlockSent = (_connection: Connection, bytes: number) => void this.log.push(`sent ${bytes}`);
  onBroken = (_connection: Connection, reason: string) => void this.log.push(`broken: ${reason}`);
  onClosed = ({ closing }: Connection) => void this.log.push(`closed by ${closing?.by}: ${closing?.reason}`);
}

let ours: Socket;
let theirs: Socket;
let owner: Owner;
beforeEach(async () => {
  owner = new Owner();
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  theirs = connect((server.address() as AddressInfo).port, '127.0.0.1');
  theirs.on('error', () => undefined);
  ours = await accepted;
  server.close();
});
afterEach(() => {
  ours.destroy();
  theirs.destroy();
});

const hello = encodeHandshake({
  infohash,
  peerId: new Uint8Array(20).fill(2),
  extended: true,
  dht: false,
  fast: false,
});
const greeting = encodeMessage({ type: 'extended-handshake', ids: LOCAL_EXTENSION_IDS }, {});

function accepted(): Connection {
  const ignore = () => undefined;
  return new Connection({ id: 1, socket: ours, ownerOf: () => owner, onOpen: ignore, onGone: ignore, nowMs: 0 });
}

function opened(): Connection {
  const connection = accepted();
  connection.receive(hello, 0);
  connection.receive(greeting, 0);
  expect(connection.state).toBe('open');
  return connection;
}

describe('a connection', () => {
  it('is given up if both handshakes are not done within 10 s', () => {
    const silent = accepted();
    silent.tick(10_000);
    expect(silent.state).toBe('handshaking');
    silent.receive(hello, 9000);
    silent.tick(10_001);
    expect(silent.state).toBe('closed');
    expect(owner.log).toEqual(['closed by us: timeout']);
  });

  it('is kept alive once a minute, and given up after 150 s of silence', async () => {
    const connection = opened();
    const before = connection.up.totalBytes;
    for (let nowMs = 1000; nowMs <= 150_000; nowMs += 1000) {
      connection.tick(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connection.up.totalBytes - before).toBe(2 * 4);
    expect(connection.state).toBe('open');
    connection.tick(150_001);
    expect(connection.closing).toEqual({ by: 'us', reason: 'timeout' });
  });

  it('is given up when nothing of what is queued leaves for 30 s', async () => {
    const connection = opened();
    // The greeting is gone before the blocks are queued.
    await new Promise((resolve) => setImmediate(resolve));
    theirs.pause();
    const block = new Uint8Array(16_384);
    // More than the system takes for somebody who does not read.
    for (let blocks = 0; blocks < 1000; blocks += 1) connection.sendBlock(0, 0, block, 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    connection.tick(1);
    connection.receive(encodeMessage({ type: 'keep-alive' }, {}), 29_000);
    connection.tick(30_001);
    expect(connection.state).toBe('open');
    connection.tick(30_002);
    expect(connection.closing).toEqual({ by: 'us', reason: 'timeout' });
  });

  it('is given up when control messages pile up', () => {
    const connection = opened();
    theirs.pause();
    let messages = 0;
    for (; connection.state === 'open' && messages < 100_000; messages += 1) {
      connection.send({ type: 'live-have', run: 1, base: 0, bitmap: new Uint8Array(4096) }, 0);
    }
    expect(messages).toBeLessThan(300);
    expect(owner.log.at(-1)).toBe('closed by us: timeout');
  });

  it('says that a block is sent once the system has it, and not after the end', async () => {
    const connection = opened();
    connection.sendBlock(3, 0, new Uint8Array(16_384), 0);
    await until(() => owner.log.length > 0);
    expect(owner.log).toEqual(['sent 16384']);
    connection.sendBlock(3, 16_384, new Uint8Array(100), 0);
    connection.close('leaving');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(owner.log).toEqual(['sent 16384', 'closed by us: leaving']);
  });

  it('tells of a block at its first byte', () => {
    const connection = opened();
    const message = encodeMessage({ type: 'piece', index: 5, begin: 16_384, block: new Uint8Array(100) }, {});
    connection.receive(message.subarray(0, 13), 0);
    expect(owner.log).toEqual(['piece 5 16384']);
    connection.receive(message.subarray(13), 0);
    expect(owner.log).toEqual(['piece 5 16384', 'piece']);
  });

  it('hears nothing of what comes after the message that ended it', () => {
    const connection = opened();
    owner.onMessage = (each) => each.close('flood');
    const want = encodeMessage({ type: 'want', run: 1, seq: 1 }, LOCAL_EXTENSION_IDS);
    connection.receive(Buffer.concat([want, want, want]), 0);
    connection.receive(want, 0);
    expect(owner.log).toEqual(['closed by us: flood']);
  });

  it('is broken off by more messages than a neighbour has use for, but not by what was said during a sleep', () => {
    const connection = opened();
    const keepAlives = (count: number) => new Uint8Array(4 * count);
    connection.receive(keepAlives(49_000), 0);
    connection.receive(keepAlives(4900), 1000);
    connection.receive(keepAlives(49_000), 11_000);
    expect(connection.state).toBe('open');
    connection.receive(keepAlives(1000), 11_000);
    expect(connection.closing).toEqual({ by: 'us', reason: 'flood' });
    expect(owner.log).toEqual(['broken: flood', 'closed by us: flood']);
  });

  it('is broken off by more bytes of messages than a neighbour has use for, but not by blocks', () => {
    const connection = opened();
    const block = encodeMessage({ type: 'piece', index: 0, begin: 0, block: new Uint8Array(16_384) }, {});
    for (let blocks = 0; blocks < 10_000; blocks += 1) connection.receive(block, 0);
    expect(connection.state).toBe('open');
    const have = { type: 'live-have', run: 1, base: 0, bitmap: new Uint8Array(4096) } as const;
    const bytes = encodeMessage(have, LOCAL_EXTENSION_IDS);
    for (let haves = 0; haves < 2000; haves += 1) connection.receive(bytes, 0);
    expect(connection.state).toBe('open');
    for (let haves = 0; haves < 500; haves += 1) connection.receive(bytes, 0);
    expect(connection.closing).toEqual({ by: 'us', reason: 'flood' });
  });

  it('ends when the other side says so, with its reason', () => {
    const connection = opened();
    connection.receive(encodeMessage({ type: 'close', reason: 'full' }, LOCAL_EXTENSION_IDS), 0);
    expect(connection.closing).toEqual({ by: 'them', reason: 'full' });
    expect(owner.log).toEqual(['closed by them: full']);
  });
});
