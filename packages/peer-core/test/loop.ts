/** A few peers in one process under virtual time, joined by links with a fixed delay: enough to see them talk. */
import { createHash } from 'node:crypto';
import { reciprocal } from '@tstream/g2g-choker';
import {
  blockDigests,
  encodeCertificate,
  encodeHeader,
  verifyCertificate,
  verifyHeader,
} from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { newestFirst } from '@tstream/piece-picker';
import type { Message } from '@tstream/wire-ext';
import { createPeer, type Output, type Peer, type PeerConfig, type PeerEvent } from '../src/index.js';

/** The source's wall clock when the loop begins, unix milliseconds. */
export const EPOCH_MS = 1_000_000_000;
export const INFO_DIGEST = new Uint8Array(32).fill(7);
export const STREAM_SECRET = new Uint8Array(32).fill(1);
const STREAM_KEY = nodeSuite.publicKey(STREAM_SECRET);

export function config(role: PeerConfig['role'], over: Partial<PeerConfig> = {}): PeerConfig {
  let seed = 1;
  return {
    role,
    ringPieces: 400,
    windowPieces: 100,
    keepPieces: 100,
    pieceBytes: 32768,
    uploadBytesPerSecond: Infinity,
    picker: newestFirst,
    choker: reciprocal,
    random: (below) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    },
    ...over,
  };
}

export interface Node {
  readonly name: string;
  readonly peer: Peer;
  readonly links: Map<number, { node: Node; connection: number }>;
  readonly payloads: Map<string, Uint8Array[]>;
  readonly delivered: { run: number; seq: number; fromByte: number; atMs: number }[];
  readonly events: string[];
  readonly log: { readonly atMs: number; readonly event: PeerEvent }[];
  readonly closed: { connection: number; reason: string; ban: boolean }[];
  nextConnection: number;
  alive: boolean;
}

type Event = { atMs: number; order: number; run: () => void };

export class Loop {
  nowMs = 0;
  private readonly queue: Event[] = [];
  private order = 0;
  readonly nodes: Node[] = [];
  /** Every message, for a look inside. */
  readonly trace: { atMs: number; from: string; to: string; message: Message | { type: 'piece' } }[] = [];

  constructor(readonly delayMs = 5) {}

  add(name: string, peerConfig: PeerConfig): Node {
    const node: Node = {
      name,
      peer: createPeer(peerConfig, this.nowMs),
      links: new Map(),
      payloads: new Map(),
      delivered: [],
      events: [],
      log: [],
      closed: [],
      nextConnection: 1,
      alive: true,
    };
    node.peer.handle({ type: 'wallClock', offsetMs: EPOCH_MS }, this.nowMs);
    this.nodes.push(node);
    return node;
  }

  connect(a: Node, b: Node): void {
    const ca = a.nextConnection++;
    const cb = b.nextConnection++;
    a.links.set(ca, { node: b, connection: cb });
    b.links.set(cb, { node: a, connection: ca });
    this.give(a, { type: 'joined', connection: ca, peerId: peerId(b.name) });
    this.give(b, { type: 'joined', connection: cb, peerId: peerId(a.name) });
  }

  kill(node: Node): void {
    node.alive = false;
    for (const { node: other, connection } of node.links.values()) {
      other.links.delete(connection);
      this.give(other, { type: 'left', connection });
    }
    node.links.clear();
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs, order: this.order++, run };
    let place = this.queue.length;
    while (place > 0 && (this.queue[place - 1] as Event).atMs > atMs) place--;
    this.queue.splice(place, 0, event);
  }

  give(node: Node, input: Parameters<Peer['handle']>[0]): void {
    if (!node.alive) return;
    node.peer.handle(input, this.nowMs);
    this.drain(node);
  }

  drain(node: Node): void {
    for (let outputs = node.peer.poll(); outputs.length > 0; outputs = node.peer.poll()) {
      for (const output of outputs) this.carryOut(node, output);
    }
  }

  runUntil(endMs: number): void {
    for (;;) {
      const wake = Math.min(...this.nodes.filter((n) => n.alive).map((n) => n.peer.nextDeadlineMs));
      const next = this.queue[0];
      const atMs = Math.min(next?.atMs ?? Infinity, wake);
      if (atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (next && next.atMs <= wake) {
        this.queue.shift();
        next.run();
      } else {
        for (const node of this.nodes)
          if (node.alive && node.peer.nextDeadlineMs <= this.nowMs) this.give(node, { type: 'time' });
      }
    }
    this.nowMs = endMs;
  }

  private carryOut(node: Node, output: Output): void {
    switch (output.type) {
      case 'send':
        return this.post(node, output.connection, output.message as Message);
      case 'sendBlock': {
        const blocks = node.payloads.get(`${output.run}/${output.seq}`);
        const block = blocks?.[output.begin / 16384];
        if (!block) throw new Error(`${node.name} has no payload of ${output.run}/${output.seq}`);
        this.post(node, output.connection, { type: 'piece', index: output.index, begin: output.begin, block });
        return node.peer.handle(
          { type: 'sent', connection: output.connection, blockBytes: output.blockBytes },
          this.nowMs,
        );
      }
      case 'verify':
        return node.peer.handle({ type: 'verified', job: output.job, ok: check(output.check) }, this.nowMs);
      case 'store': {
        const key = `${output.header.run}/${output.header.seq}`;
        const blocks = node.payloads.get(key) ?? [];
        blocks[output.begin / 16384] = output.block as Uint8Array;
        return void node.payloads.set(key, blocks);
      }
      case 'deliver':
        node.delivered.push({
          run: output.header.run,
          seq: output.header.seq,
          fromByte: output.fromByte,
          atMs: this.nowMs,
        });
        return;
      case 'close': {
        node.closed.push(output);
        const link = node.links.get(output.connection);
        node.links.delete(output.connection);
        if (link) {
          link.node.links.delete(link.connection);
          this.at(this.nowMs, () => this.give(link.node, { type: 'left', connection: link.connection }));
        }
        return;
      }
      case 'event':
        node.events.push(output.event.type);
        return void node.log.push({ atMs: this.nowMs, event: output.event });
      case 'prove':
        return this.post(node, output.connection, { type: 'source', run: output.run, proof: new Uint8Array(64) });
      default:
        return;
    }
  }

  private post(from: Node, connection: number, message: Message): void {
    const link = from.links.get(connection);
    if (!link) return;
    this.trace.push({ atMs: this.nowMs, from: from.name, to: link.node.name, message });
    this.at(this.nowMs + this.delayMs, () =>
      this.give(link.node, { type: 'message', connection: link.connection, message }),
    );
  }
}

export function peerId(name: string): Uint8Array {
  return new Uint8Array(createHash('sha1').update(name).digest());
}

function check(check: Extract<Output, { type: 'verify' }>['check']): boolean {
  switch (check.kind) {
    case 'certificate':
      return verifyCertificate(check.certificate, INFO_DIGEST, STREAM_KEY, nodeSuite);
    case 'header':
      return verifyHeader(check.header, INFO_DIGEST, check.runKey, nodeSuite);
    case 'block':
      return Buffer.from(nodeSuite.sha256(check.block as Uint8Array)).equals(check.digest);
    case 'source':
      return true;
  }
}

/** Signs what a source publishes: one run, pieces of a size, an entry point in each `entryEvery`-th. */
export class Publisher {
  seq = 0;
  private readonly runSecret: Uint8Array;
  private lastEntry = 0;

  constructor(
    readonly loop: Loop,
    readonly node: Node,
    readonly run: number,
    readonly entryEvery = 8,
    readonly epochMs = EPOCH_MS,
  ) {
    this.runSecret = new Uint8Array(32).fill(run % 251);
    const certificate = encodeCertificate(
      { run, lowestValidRun: 1, expiryMs: 9e15, runPublicKey: nodeSuite.publicKey(this.runSecret) },
      INFO_DIGEST,
      STREAM_SECRET,
      nodeSuite,
    );
    loop.give(node, { type: 'certified', certificate });
  }

  publish(bytes = 32712): void {
    const payload = new Uint8Array(bytes).fill(this.seq % 256);
    const entry = this.seq % this.entryEvery === 0;
    if (entry) this.lastEntry = this.seq;
    const header = this.sign({
      entry,
      entryOffset: entry ? 188 : undefined,
      payloadBytes: bytes,
      digests: blockDigests(payload, nodeSuite),
    });
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < bytes; at += 16384) blocks.push(payload.subarray(at, at + 16384));
    this.node.payloads.set(`${this.run}/${this.seq}`, blocks);
    this.seq++;
    this.loop.give(this.node, { type: 'published', header });
  }

  beat(end = false): void {
    this.loop.give(this.node, {
      type: 'beat',
      header: this.sign({ heartbeat: !end, end, payloadBytes: 0, digests: [] }),
    });
  }

  /** Publishes every `pieceMs` from now until `untilMs`. */
  stream(pieceMs: number, untilMs: number, then?: () => void): void {
    const tick = () => {
      if (!this.node.alive) return;
      if (this.loop.nowMs >= untilMs) return then?.();
      this.publish();
      this.loop.at(this.loop.nowMs + pieceMs, tick);
    };
    tick();
  }

  private sign(fields: {
    entry?: boolean;
    heartbeat?: boolean;
    end?: boolean;
    entryOffset?: number | undefined;
    payloadBytes: number;
    digests: Uint8Array[];
  }): Uint8Array {
    const { entryOffset, ...rest } = fields;
    return encodeHeader(
      {
        ...NO_FLAGS,
        run: this.run,
        seq: this.seq,
        sourceTimeMs: this.epochMs + this.loop.nowMs,
        entryDistance: this.seq - this.lastEntry,
        ...(entryOffset === undefined ? {} : { entryOffset }),
        ...rest,
      },
      INFO_DIGEST,
      this.runSecret,
      nodeSuite,
    );
  }
}

const NO_FLAGS = { entry: false, discontinuity: false, heartbeat: false, end: false };
