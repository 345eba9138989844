import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import Wire from 'bittorrent-protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LiveExtension, type LiveListener, tsLive } from '../src/bittorrent-protocol.js';
import { Decoder, encodeMessage, encodePieceHead, type LiveMessage, type Message } from '../src/index.js';
import { HANDSHAKE, IDS } from './reading.js';

const INFOHASH = new Uint8Array(20).fill(0xaa);
const EVERY_LIVE_MESSAGE: readonly LiveMessage[] = [
  { type: 'cert', certificate: new Uint8Array(116).fill(1) },
  { type: 'source', run: 7, proof: new Uint8Array(64).fill(2) },
  { type: 'edge', header: new Uint8Array(100).fill(3) },
  { type: 'offer', header: new Uint8Array(164).fill(4) },
  { type: 'coming', run: 7, seq: 2 ** 40 },
  { type: 'live-have', run: 7, base: 12, bitmap: new Uint8Array(9).fill(5) },
  { type: 'decline', run: 7, seq: 13, why: 'coming' },
  { type: 'withdraw', run: 7, seq: 13 },
  { type: 'want', run: 7, seq: 13 },
  { type: 'start', run: 7, seq: 1 },
  { type: 'close', reason: 'leaving' },
  { type: 'witness', run: 7, base: 12, names: ['0001020304050607'], reports: [] },
];

let server: Server;
let sockets: [Socket, Socket];

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const outgoing = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [incoming] = (await once(server, 'connection')) as [Socket];
  sockets = [outgoing, incoming];
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Only a test that fails waits for long. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

/** A wire of the library with the plug-in, on a socket. */
function wireOn(socket: Socket) {
  const heard: LiveMessage[] = [];
  const listener = {
    onReady: vi.fn(),
    onMessage: vi.fn((message: LiveMessage) => void heard.push(message)),
    onRefused: vi.fn(),
  } satisfies LiveListener;
  const wire = new Wire() as Wire & { readonly ts_live: LiveExtension };
  wire.use(tsLive(listener));
  socket.pipe(wire).pipe(socket);
  wire.handshake(INFOHASH, new Uint8Array(20).fill(0x41));
  const ready = () => eventually(() => expect(listener.onReady).toHaveBeenCalled());
  return { wire, heard, listener, ready };
}

/** This package's codec on a socket: what came so far, and a way to send. */
function codecOn(socket: Socket) {
  const decoder = new Decoder();
  const heard: Message[] = [];
  const events: string[] = [];
  socket.on('data', (chunk) => {
    decoder.push(chunk);
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      events.push(event.ok ? event.value.type : event.reason);
      if (event.ok && event.value.type === 'message') heard.push(event.value.message);
    }
  });
  socket.write(HANDSHAKE);
  const ids = () => heard.find((message) => message.type === 'extended-handshake')?.ids ?? {};
  const send = (message: Message) => void socket.write(encodeMessage(message, ids()));
  send({ type: 'extended-handshake', ids: IDS, client: 'codec 1', port: 6881 });
  return { heard, events, send };
}

test('every live message passes between two wires of the library', async () => {
  const [a, b] = [wireOn(sockets[0]), wireOn(sockets[1])];
  await Promise.all([a.ready(), b.ready()]);
  for (const message of EVERY_LIVE_MESSAGE) a.wire.ts_live.send(message);
  await eventually(() => expect(b.heard).toEqual(EVERY_LIVE_MESSAGE));
  expect(a.heard).toEqual([]);
});

test('every live message passes between the library and the codec, both ways', async () => {
  const { wire, heard, ready, listener } = wireOn(sockets[0]);
  const codec = codecOn(sockets[1]);
  await ready();
  expect(wire.peerExtendedHandshake['p']).toBe(6881);
  for (const message of EVERY_LIVE_MESSAGE) wire.ts_live.send(message);
  await eventually(() => expect(codec.heard.slice(1)).toEqual(EVERY_LIVE_MESSAGE));
  expect(codec.heard[0]).toEqual({ type: 'extended-handshake', ids: { ts_live: 1 } });
  expect(codec.events.slice(0, 2)).toEqual(['handshake', 'message']);
  for (const message of EVERY_LIVE_MESSAGE) codec.send(message);
  await eventually(() => expect(heard).toEqual(EVERY_LIVE_MESSAGE));
  expect(listener.onReady).toHaveBeenCalledTimes(1);
});

test('blocks pass both ways though nobody unchokes', async () => {
  const { wire, ready } = wireOn(sockets[0]);
  const codec = codecOn(sockets[1]);
  await ready();
  const block = Uint8Array.from({ length: 16_384 }, (_, i) => i * 3);
  // The codec's side answers.
  const answer = new Promise<Uint8Array>((resolve, reject) => {
    wire.request(9, 16_384, block.length, (error, got) => (error ? reject(error) : resolve(got)));
  });
  const request = { index: 9, begin: 16_384, length: block.length };
  await eventually(() => expect(codec.heard).toContainEqual({ type: 'request', ...request }));
  sockets[1].cork();
  sockets[1].write(encodePieceHead(9, 16_384, block.length));
  sockets[1].write(block);
  sockets[1].uncork();
  expect(new Uint8Array(await answer)).toEqual(block);
  // The library's side answers.
  wire.on('request', (_index, _begin, _length, respond) => respond(null, block));
  codec.send({ type: 'request', ...request });
  await eventually(() => expect(codec.events).toContain('piece-started'));
  await eventually(() => expect(codec.heard).toContainEqual({ type: 'piece', index: 9, begin: 16_384, block }));
});

test('a choke means nothing: requests are made after it as before', async () => {
  const { wire, ready } = wireOn(sockets[0]);
  const codec = codecOn(sockets[1]);
  await ready();
  codec.send({ type: 'choke' });
  await once(wire, 'choke');
  wire.request(9, 0, 16_384, () => {});
  await eventually(() => expect(codec.heard).toContainEqual({ type: 'request', index: 9, begin: 0, length: 16_384 }));
});

test('what is no live message destroys the wire, with a reason', async () => {
  const [a, b] = [wireOn(sockets[0]), wireOn(sockets[1])];
  await Promise.all([a.ready(), b.ready()]);
  a.wire.extended('ts_live', Uint8Array.of(200, 1));
  a.wire.extended('ts_live', Uint8Array.of(11, 1, 1));
  a.wire.extended('ts_live', Uint8Array.of(11, 1));
  await eventually(() => expect(b.listener.onRefused.mock.calls).toEqual([['live-length']]));
  await eventually(() => expect(sockets[1].closed).toBe(true));
  expect(b.heard).toEqual([]);
});

test('a neighbour without ts_live is sent nothing', async () => {
  const { wire, listener } = wireOn(sockets[0]);
  sockets[1].write(HANDSHAKE);
  sockets[1].write(encodeMessage({ type: 'extended-handshake', ids: { ut_pex: 1 } }, {}));
  await once(wire, 'extended');
  expect(listener.onReady).not.toHaveBeenCalled();
  expect(wire.peerChoking).toBe(true);
  expect(() => wire.ts_live.send({ type: 'want', run: 1, seq: 0 })).toThrow(
    new TypeError('expected a neighbour that speaks ts_live, got greeting'),
  );
});
