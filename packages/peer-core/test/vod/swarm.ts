/** On-demand peers in one process under virtual time. Each has a line out, blocks take their time on it, and blocks may be bad. */
import { titForTat } from '@tstream/g2g-choker';
import type { VodPicker } from '@tstream/piece-picker';
import type { Block, Message } from '@tstream/wire-ext';
import { createVodPeer, type VodConfig, type VodInput, type VodOutput, type VodPeer } from '../../src/index.js';
import { peerId } from '../loop.js';

export const BLOCK = 16_384;
export const PIECE = 4 * BLOCK;

/** What a reader lacks first, else the first that is open: enough to see the peer. */
export const inTurn: VodPicker = {
  choose(view, neighbour) {
    for (const { fromPiece, toPiece } of view.readers) {
      const index = firstOpen(view.open, neighbour.held, fromPiece, toPiece + 1);
      if (index >= 0) return index;
    }
    return firstOpen(view.open, neighbour.held, 0, view.pieces);
  },
};

function firstOpen(open: Uint8Array, held: Uint8Array, from: number, to: number): number {
  for (let index = from; index < to; index++) if (open[index] === 1 && held[index] === 1) return index;
  return -1;
}

/** Any that is open. */
export const atRandom: VodPicker = {
  choose(view, neighbour) {
    const from = view.random(view.pieces);
    const index = firstOpen(view.open, neighbour.held, from, view.pieces);
    return index >= 0 ? index : firstOpen(view.open, neighbour.held, 0, from);
  },
};

export function vodConfig(pieces: number, over: Partial<VodConfig> = {}): VodConfig {
  let seed = 1;
  return {
    lengthBytes: pieces * PIECE,
    pieceBytes: PIECE,
    held: new Uint8Array(pieces),
    uploadBytesPerSecond: Infinity,
    downloadBytesPerSecond: Infinity,
    picker: inTurn,
    choker: titForTat,
    random: (below) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    },
    ...over,
  };
}

export const whole = (pieces: number): Uint8Array => new Uint8Array(pieces).fill(1);

/** A block that is only counted, and may be wrong. */
export interface TestBlock extends Block {
  readonly good: boolean;
}

export interface NodeOptions {
  readonly fast?: boolean;
  readonly witnesses?: boolean;
  /** Of its line out; Infinity: none. */
  readonly bytesPerSecond?: number;
  /** Whether a block that it sends is wrong. */
  readonly spoils?: (index: number, begin: number) => boolean;
  /** It takes requests, and sends nothing. */
  readonly mute?: boolean;
}

export interface VodNode {
  readonly name: string;
  readonly peer: VodPeer;
  readonly options: NodeOptions;
  readonly links: Map<number, { readonly node: VodNode; readonly connection: number }>;
  readonly heldMs: Map<number, number>;
  readonly closed: { readonly name: string; readonly reason: string; readonly ban: boolean }[];
  /** Outputs by type; messages by theirs. */
  readonly counts: Map<string, number>;
  /** By neighbour's name: blocks that were sent to it, bytes. */
  readonly sentTo: Map<string, number>;
  readonly bad: Map<number, boolean>;
  completeMs: number | undefined;
  lineFreeMs: number;
  nextConnection: number;
}

type Event = { readonly atMs: number; readonly order: number; readonly run: () => void };

export class VodSwarm {
  nowMs = 0;
  readonly nodes: VodNode[] = [];
  readonly #events: Event[] = [];
  #order = 0;
  readonly #arrivals = new Map<string, number>();

  constructor(readonly delayMs = 10) {}

  add(name: string, config: VodConfig, options: NodeOptions = {}): VodNode {
    const node: VodNode = {
      name,
      peer: createVodPeer(config, this.nowMs),
      options,
      links: new Map(),
      heldMs: new Map(),
      closed: [],
      counts: new Map(),
      sentTo: new Map(),
      bad: new Map(),
      completeMs: undefined,
      lineFreeMs: 0,
      nextConnection: 1,
    };
    this.nodes.push(node);
    return node;
  }

  connect(a: VodNode, b: VodNode): void {
    const toB = a.nextConnection++;
    const toA = b.nextConnection++;
    a.links.set(toB, { node: b, connection: toA });
    b.links.set(toA, { node: a, connection: toB });
    const fast = a.options.fast !== false && b.options.fast !== false;
    this.give(a, { type: 'joined', connection: toB, peerId: peerId(b.name), fast });
    this.give(b, { type: 'joined', connection: toA, peerId: peerId(a.name), fast });
    if (a.options.witnesses !== true || b.options.witnesses !== true) return;
    this.give(a, { type: 'extended', connection: toB, witnesses: true });
    this.give(b, { type: 'extended', connection: toA, witnesses: true });
  }

  connectAll(): void {
    for (const [i, a] of this.nodes.entries()) for (const b of this.nodes.slice(i + 1)) this.connect(a, b);
  }

  disconnect(a: VodNode, b: VodNode): void {
    for (const [id, { node, connection }] of a.links) {
      if (node !== b) continue;
      a.links.delete(id);
      b.links.delete(connection);
      this.give(a, { type: 'left', connection: id });
      this.give(b, { type: 'left', connection });
    }
  }

  give(node: VodNode, input: VodInput): void {
    node.peer.handle(input, this.nowMs);
    for (let outputs = node.peer.poll(); outputs.length > 0; outputs = node.peer.poll()) {
      for (const output of outputs) this.#carryOut(node, output);
    }
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs, order: this.#order++, run };
    const heap = this.#events;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(event, heap[above] as Event)) break;
      heap[place] = heap[above] as Event;
      place = above;
    }
    heap[place] = event;
  }

  /** Until then, or until `done`. */
  runUntil(endMs: number, done: () => boolean = () => false): void {
    while (!done()) {
      const wakeMs = Math.min(...this.nodes.map(({ peer }) => peer.nextDeadlineMs));
      const eventMs = this.#events[0]?.atMs ?? Infinity;
      const nextMs = Math.min(wakeMs, eventMs);
      if (nextMs > endMs) {
        this.nowMs = endMs;
        return;
      }
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (eventMs <= wakeMs) this.#next().run();
      else for (const node of this.nodes) if (node.peer.nextDeadlineMs <= this.nowMs) this.give(node, { type: 'time' });
    }
  }

  #next(): Event {
    const heap = this.#events;
    const first = heap[0] as Event;
    const last = heap.pop() as Event;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Event, heap[below] as Event)) below++;
      if (!isBefore(heap[below] as Event, last)) break;
      heap[place] = heap[below] as Event;
      place = below;
    }
    heap[place] = last;
    return first;
  }

  #carryOut(node: VodNode, output: VodOutput): void {
    const kind = output.type === 'send' ? output.message.type : output.type;
    node.counts.set(kind, (node.counts.get(kind) ?? 0) + 1);
    switch (output.type) {
      case 'send':
        return this.#post(node, output.connection, output.message, this.nowMs);
      case 'sendBlock':
        return this.#sendBlock(node, output);
      case 'store':
        if (!(output.block as TestBlock).good) node.bad.set(output.index, true);
        return;
      case 'abandon':
        return void node.bad.delete(output.index);
      case 'verify': {
        const { index } = output;
        const ok = node.bad.get(index) !== true;
        return this.at(this.nowMs + 1, () => this.give(node, { type: 'verified', index, ok }));
      }
      case 'close':
        return this.#close(node, output);
      case 'event':
        if (output.event.type === 'held') node.heldMs.set(output.event.index, this.nowMs);
        else node.completeMs = this.nowMs;
        return;
      case 'fetch':
      case 'cancelFetch':
    }
  }

  #sendBlock(node: VodNode, output: Extract<VodOutput, { type: 'sendBlock' }>): void {
    const { connection, index, begin, blockBytes } = output;
    const link = node.links.get(connection);
    if (!link || node.options.mute === true) return;
    node.sentTo.set(link.node.name, (node.sentTo.get(link.node.name) ?? 0) + blockBytes);
    const { bytesPerSecond = Infinity, spoils } = node.options;
    node.lineFreeMs = Math.max(this.nowMs, node.lineFreeMs) + (blockBytes * 1000) / bytesPerSecond;
    const leavesMs = Math.ceil(node.lineFreeMs);
    this.at(leavesMs, () => this.give(node, { type: 'sent', connection, blockBytes }));
    const block: TestBlock = { byteLength: blockBytes, good: spoils?.(index, begin) !== true };
    this.#post(node, connection, { type: 'piece', index, begin, block }, leavesMs);
  }

  #close(node: VodNode, { connection, reason, ban }: Extract<VodOutput, { type: 'close' }>): void {
    const link = node.links.get(connection);
    node.links.delete(connection);
    if (!link) return;
    node.closed.push({ name: link.node.name, reason, ban });
    link.node.links.delete(link.connection);
    this.at(this.nowMs, () => this.give(link.node, { type: 'left', connection: link.connection }));
  }

  /** What goes over one connection comes in the order in which it went. */
  #post(from: VodNode, connection: number, message: Message<Block>, leavesMs: number): void {
    const link = from.links.get(connection);
    if (!link) return;
    const key = `${from.name}/${connection}`;
    const atMs = Math.max(leavesMs + this.delayMs, this.#arrivals.get(key) ?? 0);
    this.#arrivals.set(key, atMs);
    this.at(atMs, () => {
      if (from.links.has(connection)) this.give(link.node, { type: 'message', connection: link.connection, message });
    });
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}
