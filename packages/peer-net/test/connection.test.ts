import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createSwarmNode, type SwarmNode } from '../src/node.js';
import type { Swarm, SwarmEvent, SwarmOptions } from '../src/swarm.js';
import { RawPeer, rawListener } from './raw-peer.js';
import { createStream, eventsOf, optionsOf, until } from './stream.js';

const stream = createStream();
const { infohash } = stream.metainfo;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function source(
  overrides: Partial<SwarmOptions> = {},
): Promise<{ node: SwarmNode; swarm: Swarm; events: SwarmEvent[] }> {
  const node = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test 1', onTrouble: () => undefined });
  closers.push(() => node.close());
  const { events, onEvent } = eventsOf();
  const swarm = await node.addSwarm(optionsOf(stream, { role: 'source', onEvent, ...overrides }));
  return { node, swarm, events };
}

async function joined(port: number, peerId?: Uint8Array): Promise<RawPeer> {
  const peer = await RawPeer.dial(port, peerId);
  peer.greet(infohash);
  await until(() => peer.of('extended-handshake').length === 1);
  return peer;
}

describe('who comes in', () => {
  it('is greeted with both handshakes at once', async () => {
    const { node, swarm } = await source();
    const peer = await RawPeer.dial(node.port);
    peer.sendHandshake(infohash);
    await until(() => peer.of('extended-handshake').length === 1);
    expect(peer.handshake).toMatchObject({ infohash, peerId: swarm.peerId, extended: true });
    expect(peer.of('extended-handshake')[0]).toMatchObject({
      ids: { ts_live: 3 },
      client: 'test 1',
      port: node.port,
      yourAddress: '127.0.0.1',
    });
    expect(swarm.figures().peers).toBe(0);
    peer.send({ type: 'extended-handshake', ids: { ts_live: 3 }, client: 'raw' });
    await until(() => swarm.figures().peers === 1);
    expect(swarm.figures().neighbours[0]).toMatchObject({ client: 'raw', incoming: true });
  });

  it('is let in one byte at a time', async () => {
    const { node, swarm } = await source();
    const peer = await RawPeer.dial(node.port);
    const bytes: number[] = [];
    const { write } = peer;
    peer.write = (chunk) => bytes.push(...Buffer.from(chunk as Uint8Array));
    peer.greet(infohash);
    peer.write = write;
    peer.socket.setNoDelay(true);
    for (const byte of bytes) {
      peer.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => swarm.figures().peers === 1);
  });

  it('finds the swarm that it asks for, of many on one port', async () => {
    const { node, swarm } = await source();
    const other = createStream();
    const second = await node.addSwarm(optionsOf(other, { role: 'seed' }));
    const peer = await RawPeer.dial(node.port);
    peer.greet(other.metainfo.infohash);
    await until(() => second.figures().peers === 1);
    expect(swarm.figures().peers).toBe(0);
    expect(peer.handshake?.peerId).toEqual(second.peerId);
  });

  it('is closed without a word if it wants another swarm, or no live one', async () => {
    const { node, swarm } = await source();
    const stranger = await RawPeer.dial(node.port);
    stranger.greet(new Uint8Array(20));
    expect(await stranger.closeReason()).toBeUndefined();
    expect(stranger.handshake).toBeUndefined();
    const old = await RawPeer.dial(node.port);
    old.sendHandshake(infohash);
    old.send({ type: 'extended-handshake', ids: { ut_pex: 1 } });
    expect(await old.closeReason()).toBeUndefined();
    expect(swarm.figures().peers).toBe(0);
  });

  it('is closed if it is ourselves', async () => {
    const { node, swarm } = await source();
    const self = await RawPeer.dial(node.port, swarm.peerId);
    self.greet(infohash);
    await until(() => self.closed);
    expect(swarm.figures().peers).toBe(0);
  });

  it('is told when there is no room', async () => {
    const { node, swarm } = await source({ peersMax: 2 });
    await joined(node.port);
    await joined(node.port);
    const third = await joined(node.port);
    expect(await third.closeReason()).toBe('full');
    expect(swarm.figures().peers).toBe(2);
  });

  it('is told when it is there already', async () => {
    const { node, swarm } = await source();
    const peerId = new Uint8Array(randomBytes(20));
    const first = await joined(node.port, peerId);
    const second = await joined(node.port, peerId);
    expect(await second.closeReason()).toBe('duplicate');
    expect(first.closed).toBe(false);
    expect(swarm.figures().peers).toBe(1);
  });
});

describe('who is there when we leave', () => {
  it('is told so, also in the middle of what it sends', async () => {
    const { node, swarm } = await source();
    const peers = await Promise.all([joined(node.port), joined(node.port)]);
    await until(() => swarm.figures().peers === 2);
    for (const peer of peers) for (let at = 0; at < 100; at += 1) peer.send({ type: 'keep-alive' });
    await node.close();
    expect(await Promise.all(peers.map((peer) => peer.closeReason()))).toEqual(['leaving', 'leaving']);
  });
});

describe('who breaks the protocol', () => {
  it.each([
    ['a message that is too long', Buffer.from('7fffffff14', 'hex')],
    ['a block that is too long', Buffer.from('00010009070000000000000000', 'hex')],
    ['hostile bencode', Buffer.from('000000071400' + Buffer.from('l-3:e').toString('hex'), 'hex')],
    ['a live message that is too short', Buffer.from('00000003140305', 'hex')],
  ])('by %s is told, closed, and kept out; nobody else is', async (_name, bytes) => {
    const { node, swarm, events } = await source();
    const honest = await joined(node.port);
    const hostile = await joined(node.port);
    hostile.write(bytes);
    expect(await hostile.closeReason()).toBe('malformed');
    const again = await RawPeer.dial(node.port, hostile.peerId);
    again.greet(infohash);
    await until(() => again.closed);
    expect(again.handshake).toBeUndefined();
    expect(honest.closed).toBe(false);
    expect(swarm.figures().peers).toBe(1);
    expect(events.filter(({ type }) => type === 'banned')).toEqual([
      {
        type: 'banned',
        address: '127.0.0.1',
        peerId: Buffer.from(hostile.peerId).toString('hex'),
        reason: 'malformed',
        scope: 'peer',
        forMs: 600_000,
      },
    ]);
  });

  it('by a block before its extended handshake is closed', async () => {
    const { node } = await source();
    const peer = await RawPeer.dial(node.port);
    peer.sendHandshake(infohash);
    peer.send({ type: 'piece', index: 0, begin: 0, block: new Uint8Array(16_384) });
    expect(await peer.closeReason()).toBeUndefined();
  });

  it('by random bytes is closed, whatever they are', async () => {
    const { node, swarm } = await source();
    for (let time = 0; time < 50; time += 1) {
      const peer = await joined(node.port);
      peer.write(randomBytes(2000));
      peer.socket.end();
      await until(() => peer.closed);
    }
    await until(() => swarm.figures().peers === 0);
  });
});

describe('whom we dial', () => {
  it('is told the reason when we leave', async () => {
    const peers: RawPeer[] = [];
    const listener = await rawListener((peer) => {
      peers.push(peer);
      peer.greet(infohash);
    });
    closers.push(listener.close);
    const { swarm, node } = await source({ role: 'viewer', peers: [{ host: 'localhost', port: listener.port }] });
    await until(() => swarm.figures().peers === 1);
    expect(swarm.figures().neighbours[0]).toMatchObject({ incoming: false, address: `127.0.0.1:${listener.port}` });
    await node.close();
    expect(await peers[0]?.closeReason()).toBe('leaving');
  });

  it('is dialled again when it goes, soon', async () => {
    const peers: RawPeer[] = [];
    const listener = await rawListener((peer) => {
      peers.push(peer);
      peer.greet(infohash);
      if (peers.length === 1) setTimeout(() => peer.socket.destroy(), 100);
    });
    closers.push(listener.close);
    const { swarm } = await source({ role: 'viewer', peers: [{ host: '127.0.0.1', port: listener.port }] });
    await until(() => peers.length === 2 && swarm.figures().peers === 1, 3000);
  });

  it('may be ourselves, which we notice', async () => {
    const node = await createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test', onTrouble: () => undefined });
    closers.push(() => node.close());
    const peers = [{ host: '127.0.0.1', port: node.port }];
    const swarm = await node.addSwarm(optionsOf(stream, { peers }));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(swarm.figures().peers).toBe(0);
  });

  it('may dial us at the same moment: one connection stays', async () => {
    const nodes = await Promise.all(
      [0, 1].map(() => createSwarmNode({ host: '127.0.0.1', port: 0, client: 'test', onTrouble: () => undefined })),
    );
    for (const node of nodes) closers.push(() => node.close());
    const [one, two] = nodes as [SwarmNode, SwarmNode];
    const swarms = await Promise.all([
      one.addSwarm(optionsOf(stream, { peers: [{ host: '127.0.0.1', port: two.port }] })),
      two.addSwarm(optionsOf(stream, { peers: [{ host: '127.0.0.1', port: one.port }] })),
    ]);
    await until(() => swarms.every((swarm) => swarm.figures().peers === 1));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(swarms.map((swarm) => swarm.figures().peers)).toEqual([1, 1]);
  });
});
