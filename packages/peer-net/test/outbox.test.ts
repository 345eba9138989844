import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { BlockMemory } from '../src/block-memory.js';
import { Outbox } from '../src/outbox.js';
import { atEndOfTurn } from '../src/turn.js';

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

async function pair(): Promise<{ ours: Socket; theirs: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ours = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [theirs] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(ours, theirs);
  return { ours, theirs };
}

it('gives the socket at the end of a turn what was written in it, in order, and tells when it is taken', async () => {
  const { ours, theirs } = await pair();
  const writes: number[] = [];
  const write = ours.write.bind(ours) as (...args: unknown[]) => boolean;
  ours.write = (...args: unknown[]) => {
    writes.push((args[0] as Uint8Array).length);
    return write(...args);
  };
  const outbox = new Outbox(ours);
  const sheet = Uint8Array.from({ length: 30 }, (_, at) => at);
  let taken = 0;
  outbox.write(sheet.subarray(0, 10));
  outbox.write(sheet.subarray(10, 15));
  outbox.write(sheet.subarray(15, 20), () => (taken += 1));
  outbox.write(sheet.subarray(20, 25));
  atEndOfTurn(() => outbox.write(sheet.subarray(25, 30)));
  expect([writes, outbox.queuedBytes]).toEqual([[], 25]);
  let got = Buffer.alloc(0);
  while (got.length < 30) got = Buffer.concat([got, ((await once(theirs, 'data')) as [Buffer])[0]]);
  expect([...got]).toEqual([...sheet]);
  // The first two and the last two are each one part of the same memory.
  expect(writes).toEqual([15, 5, 5, 5]);
  expect([taken, outbox.queuedBytes]).toEqual([1, 0]);
});

it('tells also when the socket is gone', async () => {
  const { ours } = await pair();
  const outbox = new Outbox(ours);
  ours.on('error', () => undefined);
  ours.destroy();
  const error = await new Promise((resolve) => outbox.write(new Uint8Array(5), resolve));
  expect(error).toBeInstanceOf(Error);
});

it('gives memory of blocks again only when it came back, and once', () => {
  const memory = new BlockMemory();
  const [first, second] = [memory.take(16_384), memory.take(16_384)];
  expect(first.buffer).not.toBe(second.buffer);
  memory.giveBack(first);
  memory.giveBack(first);
  memory.giveBack(new Uint8Array(16_384));
  expect(memory.take(16_384).buffer).toBe(first.buffer);
  const fresh = memory.take(16_384);
  expect([first.buffer, second.buffer]).not.toContain(fresh.buffer);
  expect(memory.take(5)).toHaveLength(5);
});
