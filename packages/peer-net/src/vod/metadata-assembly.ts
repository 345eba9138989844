/**
 * An `info` dictionary put together from blocks that neighbours send (BEP 9), known by its SHA-1. Who says another size
 * than the others is asked apart from them; when a whole one doesn't hold, it is got from one neighbour alone, so that
 * who lies is found out.
 */
import { createHash } from 'node:crypto';
import { BLOCK_BYTES } from '@tstream/live-piece-auth';
import type { ConnectionId } from '@tstream/peer-core';

/** What came of a block. */
export type Assembled =
  | { readonly state: 'more' }
  | { readonly state: 'whole'; readonly info: Uint8Array }
  /** It wasn't the one; it is got anew. */
  | { readonly state: 'bad'; readonly liar: ConnectionId | undefined };

export class MetadataAssembly {
  readonly #infohash: Uint8Array;
  readonly #groups = new Map<number, Group>();

  constructor(infohash: Uint8Array) {
    this.#infohash = infohash;
  }

  /** How far the furthest is, bytes. */
  get progress(): { readonly receivedBytes: number; readonly totalBytes: number } {
    let best = { receivedBytes: 0, totalBytes: 0 };
    for (const { totalBytes, blocks } of this.#groups.values()) {
      const receivedBytes = blocks.reduce((sum, block) => sum + (block?.length ?? 0), 0);
      if (receivedBytes > best.receivedBytes || best.totalBytes === 0) best = { receivedBytes, totalBytes };
    }
    return best;
  }

  /** A neighbour has one of this size. */
  join(id: ConnectionId, totalBytes: number): void {
    this.leave(id);
    let group = this.#groups.get(totalBytes);
    if (!group) {
      if (this.#groups.size >= SIZES_MAX) return;
      group = { totalBytes, blocks: [], from: [], asked: new Map(), members: new Set(), alone: undefined };
      this.#groups.set(totalBytes, group);
    }
    group.members.add(id);
  }

  leave(id: ConnectionId): void {
    for (const [totalBytes, group] of this.#groups) {
      if (!group.members.delete(id)) continue;
      for (const [piece, question] of group.asked) if (question.id === id) group.asked.delete(piece);
      if (group.alone === id) restart(group, firstOf(group.members));
      if (group.members.size === 0) this.#groups.delete(totalBytes);
    }
  }

  /** @returns The block to ask this neighbour for now, if any; it counts as asked. */
  next(id: ConnectionId, nowMs: number): number | undefined {
    const group = this.#groupOf(id);
    if (!group) return undefined;
    this.#expire(group, nowMs);
    if (group.alone !== undefined && group.alone !== id) return undefined;
    let asked = 0;
    for (const question of group.asked.values()) if (question.id === id) asked += 1;
    if (asked >= ASKED_MAX) return undefined;
    const count = Math.ceil(group.totalBytes / BLOCK_BYTES);
    for (let piece = 0; piece < count; piece += 1) {
      if (group.blocks[piece] || group.asked.has(piece)) continue;
      group.asked.set(piece, { id, atMs: nowMs });
      return piece;
    }
    return undefined;
  }

  /** The neighbour won't give this block: others may. */
  reject(id: ConnectionId, piece: number): void {
    const group = this.#groupOf(id);
    if (group?.asked.get(piece)?.id === id) this.leave(id);
  }

  add(id: ConnectionId, piece: number, totalBytes: number, bytes: Uint8Array): Assembled {
    const group = this.#groupOf(id);
    // What wasn't asked, or of another size than was said, is nothing.
    if (!group || group.totalBytes !== totalBytes || group.asked.get(piece)?.id !== id) return { state: 'more' };
    group.asked.delete(piece);
    group.blocks[piece] = bytes;
    group.from[piece] = id;
    const count = Math.ceil(totalBytes / BLOCK_BYTES);
    for (let at = 0; at < count; at += 1) if (!group.blocks[at]) return { state: 'more' };
    const info = new Uint8Array(Buffer.concat(group.blocks as Uint8Array[]));
    if (createHash('sha1').update(info).digest().equals(this.#infohash)) return { state: 'whole', info };
    const givers = new Set(group.from);
    const liar = givers.size === 1 ? id : undefined;
    if (liar !== undefined) group.members.delete(liar);
    restart(group, firstOf(group.members));
    return { state: 'bad', liar };
  }

  #groupOf(id: ConnectionId): Group | undefined {
    for (const group of this.#groups.values()) if (group.members.has(id)) return group;
    return undefined;
  }

  #expire(group: Group, nowMs: number): void {
    for (const [piece, { id, atMs }] of group.asked) {
      if (nowMs - atMs < ANSWER_MS_MAX) continue;
      group.asked.delete(piece);
      // The others first; it may be asked again after them.
      group.members.delete(id);
      group.members.add(id);
      if (group.alone === id) restart(group, firstOf(group.members));
    }
  }
}

interface Group {
  readonly totalBytes: number;
  blocks: (Uint8Array | undefined)[];
  /** Who gave each block. */
  from: ConnectionId[];
  readonly asked: Map<number, { readonly id: ConnectionId; readonly atMs: number }>;
  /** Who says that it has one of this size; who is asked next stands first. */
  readonly members: Set<ConnectionId>;
  /** Only this one is asked; undefined: all are. */
  alone: ConnectionId | undefined;
}

function restart(group: Group, alone: ConnectionId | undefined): void {
  group.blocks = [];
  group.from = [];
  group.asked.clear();
  group.alone = alone;
}

function firstOf(members: ReadonlySet<ConnectionId>): ConnectionId | undefined {
  for (const id of members) return id;
  return undefined;
}

/** Each may be 10 MB. */
const SIZES_MAX = 4;
/** Of one neighbour at once. */
const ASKED_MAX = 4;
const ANSWER_MS_MAX = 5000;
