import {
  BLOCK_BYTES,
  type CryptoSuite,
  encodeCertificate,
  encodeHeader,
  type PieceHeader,
  signSourceProof,
  verifyCertificate,
  verifyHeader,
  verifySourceProof,
} from '@tstream/live-piece-auth';
import type { Check } from '@tstream/peer-core';
import type { Block } from '@tstream/wire-ext';

/** A block that stands for its bytes: everybody who holds it shares this one object. */
export interface SimBlock extends Block {
  readonly digest: Uint8Array;
}

/**
 * The one stream of a swarm: its keys, what is signed under them, and the answers to a peer's questions about that. With a real
 * suite the signatures are real; the video never is: a block is its length and its digest.
 */
export class Stream {
  readonly #suite: CryptoSuite;
  readonly #infoDigest: Uint8Array;
  readonly #streamSecretKey: Uint8Array;
  readonly #streamPublicKey: Uint8Array;
  readonly #runSecretKeys = new Map<number, Uint8Array>();
  readonly #madeMs = new Map<number, Map<number, number>>();
  /** Answers to what was asked of a header: all peers share its bytes, and ask the same. */
  readonly #answers = new WeakMap<Uint8Array, { readonly runKey: Uint8Array; readonly ok: boolean }>();

  constructor(suite: CryptoSuite) {
    this.#suite = suite;
    this.#infoDigest = suite.sha256(numbered('info', 0));
    this.#streamSecretKey = suite.sha256(numbered('stream', 0));
    this.#streamPublicKey = suite.publicKey(this.#streamSecretKey);
  }

  /** A run's certificate, 116 bytes. The run key follows from the run number: two holders of one number have the same key. */
  certificate(run: number): Uint8Array {
    const runPublicKey = this.#suite.publicKey(this.#runSecretKey(run));
    const certificate = { run, lowestValidRun: 0, expiryMs: Number.MAX_SAFE_INTEGER, runPublicKey };
    return encodeCertificate(certificate, this.#infoDigest, this.#streamSecretKey, this.#suite);
  }

  /** Signs a header. */
  header(header: PieceHeader): Uint8Array {
    return encodeHeader(header, this.#infoDigest, this.#runSecretKey(header.run), this.#suite);
  }

  /** The blocks of a piece that is made now. `salt` tells pieces apart that bear the same number. */
  blocks(run: number, seq: number, payloadBytes: number, salt: number): SimBlock[] {
    const blocks: SimBlock[] = [];
    for (let begin = 0; begin < payloadBytes; begin += BLOCK_BYTES) {
      const digest = this.#suite.sha256(numbered('block', run, seq, begin, salt));
      blocks.push({ byteLength: Math.min(BLOCK_BYTES, payloadBytes - begin), digest });
    }
    return blocks;
  }

  /** Remembers when, by true time, a piece's first byte came to the source. */
  noteMade(run: number, seq: number, atMs: number): void {
    const made = this.#madeMs.get(run);
    if (made) made.set(seq, atMs);
    else this.#madeMs.set(run, new Map([[seq, atMs]]));
  }

  /** When a piece's first byte came to the source, true time; NaN if no source made it. */
  madeMs(run: number, seq: number): number {
    return this.#madeMs.get(run)?.get(seq) ?? Number.NaN;
  }

  sourceProof(run: number, proverId: Uint8Array, receiverId: Uint8Array): Uint8Array {
    return signSourceProof(this.#infoDigest, proverId, receiverId, this.#runSecretKey(run), this.#suite);
  }

  /** Answers a peer's question. `receiverId` is that peer's own id. */
  holds(check: Check, receiverId: Uint8Array): boolean {
    switch (check.kind) {
      case 'certificate':
        return verifyCertificate(check.certificate, this.#infoDigest, this.#streamPublicKey, this.#suite);
      case 'header':
        return this.#holdsHeader(check.header, check.runKey);
      case 'source':
        return verifySourceProof(check.proof, this.#infoDigest, check.proverId, receiverId, check.runKey, this.#suite);
      case 'block':
        return sameBytes((check.block as Partial<SimBlock>).digest ?? NO_DIGEST, check.digest);
    }
  }

  #holdsHeader(header: Uint8Array, runKey: Uint8Array): boolean {
    const answer = this.#answers.get(header);
    if (answer && sameBytes(answer.runKey, runKey)) return answer.ok;
    const ok = verifyHeader(header, this.#infoDigest, runKey, this.#suite);
    this.#answers.set(header, { runKey, ok });
    return ok;
  }

  #runSecretKey(run: number): Uint8Array {
    let key = this.#runSecretKeys.get(run);
    if (!key) {
      key = this.#suite.sha256(numbered('run', run));
      this.#runSecretKeys.set(run, key);
    }
    return key;
  }
}

function numbered(name: string, ...numbers: number[]): Uint8Array {
  const text = `${name} ${numbers.join(' ')}`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < b.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

const NO_DIGEST = new Uint8Array(0);
