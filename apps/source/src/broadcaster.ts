/** The broadcaster: cuts the input into pieces, signs each, publishes it, and says every second that it lives. */
import { randomBytes } from 'node:crypto';
import { Failure } from '@tstream/command-line';
import { blockDigests, encodeCertificate, encodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { type Cut, type Cutter, createCutter, type Piece } from '@tstream/mpegts-cutter';
import type { Swarm } from '@tstream/peer-net';
import { publicKeyOf } from './pair.js';

export class Broadcaster {
  readonly run: number;
  readonly #swarm: Swarm;
  readonly #cutter: Cutter;
  readonly #runSecretKey = new Uint8Array(randomBytes(32));
  readonly #onFailure: (failure: Failure) => void;
  /** Wall clock minus monotonic clock when the run began: source times never go back. */
  readonly #epochMs = Date.now() - performance.now();
  readonly #heartbeat: NodeJS.Timeout;
  #closing: NodeJS.Timeout | undefined;
  #seq = 0;
  #lastEntrySeq: number | undefined;
  #lastTimeMs = 0;
  #lastSignedMs = 0;
  #inBytes = 0;
  #interrupted = false;
  #ended = false;

  /** Certifies the run and begins to send heartbeats. `onFailure`: the input is no transport stream. */
  constructor(swarm: Swarm, streamSecretKey: Uint8Array, run: number, onFailure: (failure: Failure) => void) {
    this.#swarm = swarm;
    this.run = run;
    this.#onFailure = onFailure;
    this.#cutter = createCutter({ pieceBytesMax: swarm.metainfo.pieceLength, holdMsMax: HOLD_MS_MAX });
    const certificate = encodeCertificate(
      { run, lowestValidRun: 1, expiryMs: Date.now() + EXPIRY_MS, runPublicKey: publicKeyOf(this.#runSecretKey) },
      swarm.metainfo.infoDigest,
      streamSecretKey,
      nodeSuite,
    );
    swarm.certify(certificate, run, this.#runSecretKey);
    this.#beat(false);
    this.#heartbeat = setInterval(() => this.#beatIfSilent(), HEARTBEAT_MS / 4);
  }

  /** Pieces published so far: the next sequence number. */
  get seq(): number {
    return this.#seq;
  }

  /** Bytes that came in, of whole packets or not. */
  get inBytes(): number {
    return this.#inBytes;
  }

  /** Takes bytes of the input. */
  push(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#inBytes += bytes.length;
    this.#publish(this.#cutter.push(bytes, this.#nowMs()));
  }

  /** What comes next doesn't continue what came before. */
  interrupt(): void {
    if (this.#ended) return;
    if (this.#seq > 0) this.#publish(this.#cutter.flush(this.#nowMs()));
    this.#interrupted = this.#seq > 0;
  }

  /** Publishes what is left, then a signed END. */
  end(): void {
    if (this.#ended) return;
    if (this.#inBytes > 0) this.#publish(this.#cutter.flush(this.#nowMs()));
    this.#ended = true;
    this.close();
    this.#beat(true);
  }

  /** Stops the clocks without a word. */
  close(): void {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#closing);
  }

  #publish(cut: Cut): void {
    if (!cut.ok) {
      this.#onFailure(new Failure('the input is not an MPEG transport stream: with ffmpeg, use  -f mpegts'));
      return;
    }
    for (const piece of cut.value.pieces) this.#publishPiece(piece);
    clearTimeout(this.#closing);
    const { nextDeadlineMs } = this.#cutter;
    if (nextDeadlineMs === Infinity || this.#ended) return;
    this.#closing = setTimeout(
      () => this.#publish(this.#cutter.poll(this.#nowMs())),
      Math.max(0, nextDeadlineMs - this.#nowMs()),
    );
  }

  #publishPiece(piece: Piece): void {
    if (piece.entryOffset !== undefined) this.#lastEntrySeq = this.#seq;
    const header = this.#sign({
      entry: piece.entryOffset !== undefined,
      discontinuity: piece.discontinuity || this.#interrupted,
      sourceTimeMs: Math.round(this.#epochMs + piece.sourceTimeMs),
      payloadBytes: piece.payload.length,
      ...(piece.entryOffset === undefined ? {} : { entryOffset: piece.entryOffset }),
      digests: blockDigests(piece.payload, nodeSuite),
    });
    this.#interrupted = false;
    this.#seq += 1;
    this.#swarm.publish(header, piece.payload);
  }

  #beatIfSilent(): void {
    if (performance.now() - this.#lastSignedMs >= HEARTBEAT_MS) this.#beat(false);
  }

  #beat(end: boolean): void {
    const sourceTimeMs = Math.round(this.#epochMs + performance.now());
    this.#swarm.beat(this.#sign({ heartbeat: !end, end, sourceTimeMs, payloadBytes: 0, digests: [] }));
  }

  #sign(fields: Partial<PieceHeader> & Pick<PieceHeader, 'sourceTimeMs' | 'payloadBytes' | 'digests'>): Uint8Array {
    this.#lastSignedMs = performance.now();
    this.#lastTimeMs = Math.max(this.#lastTimeMs, fields.sourceTimeMs);
    const distance = this.#lastEntrySeq === undefined ? undefined : this.#seq - this.#lastEntrySeq;
    return encodeHeader(
      {
        entry: false,
        discontinuity: false,
        heartbeat: false,
        end: false,
        run: this.run,
        seq: this.#seq,
        ...(distance === undefined || distance > ENTRY_DISTANCE_MAX ? {} : { entryDistance: distance }),
        ...fields,
        sourceTimeMs: this.#lastTimeMs,
      },
      this.#swarm.metainfo.infoDigest,
      this.#runSecretKey,
      nodeSuite,
    );
  }

  #nowMs(): number {
    return Math.floor(performance.now());
  }
}

/** How long the first byte of a piece waits at most. */
const HOLD_MS_MAX = 250;
/** A piece or a heartbeat at least this often. */
const HEARTBEAT_MS = 1000;
/** A run lasts a year at most; a restart begins another. */
const EXPIRY_MS = 366 * 86_400_000;
const ENTRY_DISTANCE_MAX = 0xfffe;
