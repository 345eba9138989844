/** One peer alone on a stage: a test speaks all the other parts and sees all that it does. */
import { blockDigests, encodeCertificate, encodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import type { Block, Message } from '@tstream/wire-ext';
import { type Check, createPeer, type Input, type Output, type Peer, type PeerConfig } from '../src/index.js';
import { config, EPOCH_MS, INFO_DIGEST, peerId, STREAM_SECRET } from './loop.js';
import { inWords } from './words.js';

export const PIECE_MS = 150;

/** Who signs a run: certificate, headers, payloads. Piece n is made 150 n ms after the beginning; each is an entry point. */
export class Author {
  readonly #secret: Uint8Array;

  constructor(readonly run = 5) {
    this.#secret = new Uint8Array(32).fill(run % 251);
  }

  certificate(over: { lowestValidRun?: number; expiryMs?: number; salt?: number } = {}): Uint8Array {
    const { lowestValidRun = 1, expiryMs = 2 * EPOCH_MS, salt = 0 } = over;
    const runPublicKey = nodeSuite.publicKey(this.#secret).slice();
    runPublicKey[0] = (runPublicKey[0] ?? 0) ^ salt;
    const certified = { run: this.run, lowestValidRun, expiryMs, runPublicKey };
    return encodeCertificate(certified, INFO_DIGEST, STREAM_SECRET, nodeSuite);
  }

  /** Payload of a piece, in blocks. */
  blocks(seq: number, bytes = 20_000): Uint8Array[] {
    const payload = new Uint8Array(bytes).fill(seq % 256);
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < bytes; at += 16384) blocks.push(payload.subarray(at, at + 16384));
    return blocks;
  }

  piece(seq: number, over: Partial<PieceHeader> & { bytes?: number } = {}): Uint8Array {
    const { bytes = 20_000, ...fields } = over;
    const payload = Uint8Array.from(this.blocks(seq, bytes).flatMap((block) => [...block]));
    const digests = blockDigests(payload, nodeSuite);
    return this.#sign({ seq, entry: true, entryOffset: 50, payloadBytes: bytes, digests, ...fields });
  }

  heartbeat(seq: number, over: Partial<PieceHeader> = {}): Uint8Array {
    return this.#sign({ seq, heartbeat: true, entryDistance: 1, ...over });
  }

  end(seq: number): Uint8Array {
    return this.#sign({ seq, end: true, entryDistance: seq === 0 ? undefined : 1 });
  }

  #sign(fields: Partial<PieceHeader> & { seq: number }): Uint8Array {
    const header = {
      entry: false,
      discontinuity: false,
      heartbeat: false,
      end: false,
      run: this.run,
      sourceTimeMs: EPOCH_MS + fields.seq * PIECE_MS,
      payloadBytes: 0,
      entryDistance: 0,
      digests: [],
      ...fields,
    };
    return encodeHeader(header, INFO_DIGEST, this.#secret, nodeSuite);
  }
}

export class Stage {
  readonly peer: Peer;
  nowMs = 1000;
  /** The driver's answer to a check; undefined: none yet. */
  judge: (check: Check) => boolean | undefined = () => true;
  /** Checks that weren't answered. */
  readonly open: number[] = [];
  /** Blocks are not reported as sent by themselves. */
  swallowSent = false;

  constructor(role: PeerConfig['role'], over: Partial<PeerConfig> = {}) {
    this.peer = createPeer(config(role, over), this.nowMs);
    this.tell({ type: 'wallClock', offsetMs: EPOCH_MS - this.nowMs });
  }

  /** What it does when it is told this, answers to its checks included. */
  tell(input: Input): string[] {
    this.peer.handle(input, this.nowMs);
    return this.#drain();
  }

  hear(connection: number, message: Message<Block>): string[] {
    return this.tell({ type: 'message', connection, message });
  }

  join(connection: number): string[] {
    return this.tell({ type: 'joined', connection, peerId: peerId(`neighbour ${connection}`) });
  }

  /** What it does while time passes, called whenever it asks to be. */
  pass(ms: number): string[] {
    const endMs = this.nowMs + ms;
    const all: string[] = [];
    while (this.peer.nextDeadlineMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.peer.nextDeadlineMs);
      all.push(...this.tell({ type: 'time' }));
    }
    this.nowMs = endMs;
    return all;
  }

  #drain(): string[] {
    const words: string[] = [];
    for (let outputs = this.peer.poll(); outputs.length > 0; outputs = this.peer.poll()) {
      for (const output of outputs) {
        words.push(inWords(output));
        this.#answer(output);
      }
    }
    return words;
  }

  #answer(output: Output): void {
    if (output.type === 'sendBlock' && !this.swallowSent) {
      const { connection, blockBytes } = output;
      this.peer.handle({ type: 'sent', connection, blockBytes }, this.nowMs);
    }
    if (output.type !== 'verify') return;
    const ok = this.judge(output.check);
    if (ok === undefined) this.open.push(output.job);
    else this.peer.handle({ type: 'verified', job: output.job, ok }, this.nowMs);
  }
}

/** A viewer with neighbours, who wants run 5 from piece 9 on; the newest proven one is that. It doesn't play before long. */
export function viewer(neighbours: readonly number[] = [1, 2], over: Partial<PeerConfig> = {}) {
  const stage = new Stage('viewer', { lagMs: 60_000, ...over });
  const author = new Author();
  for (const connection of neighbours) {
    stage.join(connection);
    stage.hear(connection, { type: 'cert', certificate: author.certificate() });
  }
  stage.hear(neighbours[0] ?? 1, { type: 'edge', header: author.heartbeat(10) });
  stage.pass(200);
  return { stage, author };
}

/**
 * A viewer with three neighbours: it got piece 9 from the first and plays, a minute behind. The second wants what it has,
 * the third wants nothing before long.
 */
export function playing(over: Partial<PeerConfig> = {}) {
  const { stage, author } = viewer([1, 2, 3], over);
  stage.hear(2, { type: 'start', run: 5, seq: 0 });
  stage.hear(3, { type: 'start', run: 5, seq: 90 });
  stage.hear(1, { type: 'offer', header: author.piece(9) });
  for (const [i, block] of author.blocks(9).entries()) {
    stage.hear(1, { type: 'piece', index: 9, begin: i * 16384, block });
  }
  stage.hear(2, { type: 'decline', run: 5, seq: 9, why: 'have' });
  stage.pass(2000);
  return { stage, author };
}

/** A source that has made pieces 0 … `pieces` − 1, and neighbours that want all of them. */
export function source(pieces: number, neighbours: readonly number[] = [1, 2], over: Partial<PeerConfig> = {}) {
  const stage = new Stage('source', over);
  const author = new Author();
  stage.tell({ type: 'certified', certificate: author.certificate() });
  for (let seq = 0; seq < pieces; seq++) stage.tell({ type: 'published', header: author.piece(seq) });
  for (const connection of neighbours) stage.join(connection);
  stage.pass(500);
  return { stage, author };
}
