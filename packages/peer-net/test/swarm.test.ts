import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@tstream/wire-ext';
import { afterEach, describe, expect, it } from 'vitest';
import { linger } from '../src/linger.js';
import { createSwarmNode, type SwarmNode, type SwarmNodeOptions } from '../src/node.js';
import type { Swarm, SwarmOptions } from '../src/swarm.js';
import { RawPeer } from './raw-peer.js';
import { collect, createStream, eventsOf, isTail, optionsOf, TestSource, type TestStream, until } from './stream.js';

const nodes: SwarmNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function node(options: Partial<SwarmNodeOptions> = {}): Promise<SwarmNode> {
  const made = await createSwarmNode({
    host: '127.0.0.1',
    port: 0,
    client: 'test 1',
    onTrouble: () => undefined,
    ...options,
  });
  nodes.push(made);
  return made;
}

const at = (port: number) => ({ host: '127.0.0.1', port });

async function viewer(stream: TestStream, port: number, options: Partial<SwarmOptions> = {}) {
  const own = await node();
  const { events, onEvent } = eventsOf();
  const swarm = await own.addSwarm(optionsOf(stream, { peers: [at(port)], onEvent, ...options }));
  const reader = collect(swarm);
  const hasEnded = () => events.some(({ type }) => type === 'ended');
  return { node: own, swarm, events, reader, hasEnded };
}

const playing = (swarm: Swarm) => swarm.figures().state === 'playing';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a swarm on loopback', () => {
  it('plays to a viewer, byte for byte, what its source published, and ends where it ended', async () => {
    const stream = createStream();
    const sourceNode = await node();
    const source = new TestSource(stream, await sourceNode.addSwarm(optionsOf(stream, { role: 'source' })));
    const stop = source.start(50);
    const { swarm, reader, hasEnded } = await viewer(stream, sourceNode.port);
    await until(() => playing(swarm));
    await pause(1000);
    stop();
    source.end();
    await until(hasEnded);
    await reader.ended;
    expect(isTail(reader.bytes(), source.published)).toBe(true);
    expect(swarm.figures()).toMatchObject({ piecesDropped: 0, piecesRejected: 0, stalls: 0, state: 'ended', peers: 1 });
    expect(swarm.figures().neighbours[0]?.isSource).toBe(true);
  });

  it('plays down a line of viewers that each know only the one before', async () => {
    const stream = createStream();
    const sourceNode = await node();
    const source = new TestSource(stream, await sourceNode.addSwarm(optionsOf(stream, { role: 'source' })));
    const stop = source.start(50);
    const first = await viewer(stream, sourceNode.port);
    const second = await viewer(stream, first.node.port);
    const third = await viewer(stream, second.node.port);
    await until(() => playing(third.swarm));
    await pause(1000);
    stop();
    source.end();
    await until(third.hasEnded);
    expect(isTail(third.reader.bytes(), source.published)).toBe(true);
    expect(third.swarm.figures()).toMatchObject({ piecesDropped: 0, stalls: 0, peers: 1, bytesFromSource: 0 });
  });

  it('finds its peers through the source\u2019s tracker and each other, and loses nothing when one of them goes', async () => {
    const sourceNode = await node({ http: { routes: [] }, tracker: true });
    const stream = createStream([`http://127.0.0.1:${sourceNode.port}/announce`]);
    const source = new TestSource(
      stream,
      await sourceNode.addSwarm(optionsOf(stream, { role: 'source', discovery: true })),
    );
    const stop = source.start(50);
    const viewers = await Promise.all(
      [0, 1, 2].map(() => viewer(stream, 0, { peers: [], discovery: true, lagMs: 1500 })),
    );
    await until(() => viewers.every(({ swarm }) => playing(swarm) && swarm.figures().peers === 3));
    await viewers[0]?.node.close();
    const others = viewers.slice(1);
    await until(() => others.every(({ swarm }) => swarm.figures().peers === 2));
    await pause(1000);
    stop();
    source.end();
    await until(() => others.every(({ hasEnded }) => hasEnded()));
    for (const { swarm, reader } of others) {
      expect(isTail(reader.bytes(), source.published)).toBe(true);
      expect(swarm.figures().piecesDropped).toBe(0);
    }
  });

  it('keeps the connections that it has when others tell of the same neighbours', async () => {
    const stream = createStream();
    const hub = await node();
    await hub.addSwarm(optionsOf(stream, { role: 'source', discovery: true }));
    const viewers: Awaited<ReturnType<typeof viewer>>[] = [];
    for (let n = 1; n <= 4; n += 1) {
      viewers.push(await viewer(stream, hub.port, { discovery: true }));
      await until(() => viewers.every(({ swarm }) => swarm.figures().peers === n));
    }
    await pause(2000);
    const ages = viewers.flatMap(({ swarm }) => swarm.figures().neighbours.map(({ ageMs }) => ageMs));
    expect(ages).toHaveLength(16);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(1900);
  });

  it('goes on with the next run when its source comes back, and nobody has to be touched', async () => {
    const stream = createStream();
    const first = await node();
    const swarmBefore = await first.addSwarm(optionsOf(stream, { role: 'source' }));
    const before = new TestSource(stream, swarmBefore, 1);
    const stop = before.start(50);
    const { port } = first;
    const { swarm, reader } = await viewer(stream, port);
    await until(() => playing(swarm));
    await pause(500);
    stop();
    await linger(swarmBefore, 5000);
    await first.close();
    const second = await node({ port });
    const after = new TestSource(stream, await second.addSwarm(optionsOf(stream, { role: 'source' })), 2);
    const stopAgain = after.start(50);
    await until(() => swarm.figures().playRun === 2 && swarm.figures().playSeq !== null);
    await pause(500);
    stopAgain();
    after.end();
    await reader.ended;
    expect(isTail(reader.bytes(), [...before.published, ...after.published])).toBe(true);
    expect(reader.bytes().length).toBeGreaterThan(Buffer.concat(after.published).length);
  });

  it('serves a seed’s neighbours from its disk, and leaves nothing there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'seed-test-'));
    const stream = createStream();
    const sourceNode = await node();
    const source = new TestSource(stream, await sourceNode.addSwarm(optionsOf(stream, { role: 'source' })));
    const seedNode = await node();
    const disk = { folder, bytesMax: 64 * 32_768 };
    const seed = await seedNode.addSwarm(
      optionsOf(stream, { role: 'seed', peers: [at(sourceNode.port)], memoryBytesMax: 5 * 32_768, disk }),
    );
    expect(seed.capacityPieces).toBe(69);
    const stop = source.start(20);
    await until(() => seed.figures().heldPieces >= 60);
    stop();
    const late = await RawPeer.dial(seedNode.port);
    late.greet(stream.metainfo.infohash);
    const { run } = source;
    // Only one piece is of use to it, which is long gone from the memory.
    const bitmap = new Uint8Array(10).fill(255);
    bitmap[2] = 0b11110111;
    late.send({ type: 'live-have', run, base: 0, bitmap });
    late.send({ type: 'start', run, seq: 0 });
    await until(() => late.of('offer').length === 1);
    late.send({ type: 'request', index: 20, begin: 16_384, length: 13_696 });
    await until(() => late.of('piece').length === 1);
    expect(
      Buffer.compare(late.of('piece')[0]?.block ?? Buffer.of(), source.published[20]?.subarray(16_384) ?? Buffer.of()),
    ).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await seedNode.close();
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('keeps out whoever sends what nobody signed, and plays on', async () => {
    const stream = createStream();
    const sourceNode = await node();
    const source = new TestSource(stream, await sourceNode.addSwarm(optionsOf(stream, { role: 'source' })));
    const stop = source.start(50);
    const { swarm, events, node: own, hasEnded, reader } = await viewer(stream, sourceNode.port);
    await until(() => playing(swarm));
    const { run } = source;
    const attacks: [string, Message][] = [
      ['bad-certificate', { type: 'cert', certificate: forge(116, [1, 1, 0, 0], 4, run + 1) }],
      ['bad-header', { type: 'offer', header: forge(100, [1, 1, 4, 0], 4, run) }],
    ];
    for (const [reason, message] of attacks) {
      const hostile = await RawPeer.dial(own.port);
      hostile.greet(stream.metainfo.infohash);
      hostile.send(message);
      expect(await hostile.closeReason()).toBe(reason);
      const again = await RawPeer.dial(own.port, hostile.peerId);
      again.greet(stream.metainfo.infohash);
      await until(() => again.closed);
      expect(again.handshake).toBeUndefined();
    }
    expect(events.filter(({ type }) => type === 'banned')).toHaveLength(2);
    stop();
    source.end();
    await until(hasEnded);
    expect(isTail(reader.bytes(), source.published)).toBe(true);
  });

  it('leaves within two seconds, also with a reader that is stuck', async () => {
    const stream = createStream();
    const sourceNode = await node();
    const source = new TestSource(stream, await sourceNode.addSwarm(optionsOf(stream, { role: 'source' })));
    const stop = source.start(20);
    const { swarm, node: own, reader } = await viewer(stream, sourceNode.port);
    await until(() => playing(swarm));
    const { PassThrough } = await import('node:stream');
    swarm.addReader(new PassThrough({ highWaterMark: 1 }), { primary: true });
    await pause(500);
    const began = performance.now();
    await own.close();
    expect(performance.now() - began).toBeLessThan(2000);
    await reader.ended;
    expect(own.swarms).toEqual([]);
    stop();
  });

  it('is entered once by one process', async () => {
    const stream = createStream();
    const own = await node();
    const swarm = await own.addSwarm(optionsOf(stream, {}));
    await expect(own.addSwarm(optionsOf(stream, {}))).rejects.toThrow(RangeError);
    await swarm.close();
    await own.addSwarm(optionsOf(stream, {}));
  });
});

/** Random bytes that look like what they should be up to the signature. */
function forge(bytes: number, start: readonly number[], at: number, run: number): Uint8Array {
  const forged = Buffer.alloc(bytes);
  forged.set(start);
  forged.writeUInt32BE(run, at);
  forged.set(randomBytes(64), bytes - 64);
  return forged;
}
