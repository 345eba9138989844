/**
 * SHA-1 of pieces, on threads that are kept for as long as their owner: of what is in shared memory, which isn't copied, and of what
 * is in files, which the threads read themselves.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What a piece consists of, one after the other. */
export type HashPart =
  | { readonly memory: SharedArrayBuffer; readonly bytes: number }
  | {
      readonly path: string;
      /** Offset in the file, bytes. */
      readonly at: number;
      readonly bytes: number;
      /** Also a link may be read. */
      readonly follow: boolean;
      /** How the file must look when it is opened. */
      readonly expected?: { readonly lengthBytes: number; readonly modifiedMs: number };
    }
  | { readonly zeros: number };

/** A piece that couldn't be read: its digest is zeros. */
export interface UnreadPiece {
  /** Its place among those that were asked for. */
  readonly piece: number;
  readonly path: string;
  /** The file ends too soon, or isn't as expected. */
  readonly isChanged: boolean;
  readonly code: string | undefined;
  readonly message: string;
}

export interface Hashes {
  /** 20 bytes each. */
  readonly digests: Uint8Array;
  readonly unread: readonly UnreadPiece[];
}

export class HashPool {
  /** How many threads there are at most; one is started when all others are busy. */
  readonly threads: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  readonly #waiting: Job[] = [];
  #isClosed = false;

  /** @param threads - Default: one for each core, eight at most. */
  constructor(threads = Math.min(availableParallelism(), THREADS_MAX)) {
    this.threads = threads;
  }

  /**
   * Hashes pieces on one thread, when one is free. Memory mustn't be written to meanwhile. How much waits here is the caller's to bound.
   * @throws {HashError} If threads can't be had, or the pool is closed.
   */
  hash(pieces: readonly (readonly HashPart[])[]): Promise<Hashes> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closedError());
      this.#waiting.push({ pieces, resolve, reject, tries: 0 });
      this.#assign();
    });
  }

  /** Ends the threads; what waits is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const { reject } of [...this.#busy.values(), ...this.#waiting.splice(0)]) reject(closedError());
    this.#busy.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#start();
      if (!worker) return;
      const job = this.#waiting.shift() as Job;
      this.#busy.set(worker, job);
      worker.postMessage(job.pieces, []);
    }
  }

  #start(): Worker | undefined {
    if (this.#busy.size >= this.threads) return undefined;
    const worker = new Worker(WORKER);
    worker.on('message', (hashes: Hashes) => this.#answered(worker, hashes));
    worker.on('error', (cause) => this.#failed(worker, cause));
    return worker;
  }

  #answered(worker: Worker, hashes: Hashes): void {
    const job = this.#busy.get(worker);
    if (!job) return;
    this.#busy.delete(worker);
    this.#idle.push(worker);
    this.#assign();
    job.resolve(hashes);
  }

  /** The thread is gone. Its work is given to another one, once. */
  #failed(worker: Worker, cause: unknown): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    if (job && ++job.tries < TRIES_MAX) this.#waiting.unshift(job);
    else job?.reject(new HashError(`a thread that hashes has failed (${messageOf(cause)})`, { cause }));
    this.#assign();
  }
}

interface Job {
  readonly pieces: readonly (readonly HashPart[])[];
  readonly resolve: (hashes: Hashes) => void;
  readonly reject: (reason: unknown) => void;
  tries: number;
}

function closedError(): HashError {
  return new HashError('hashing was ended');
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** More cores than that are faster than what brings the bytes. A guess. */
const THREADS_MAX = 8;
const TRIES_MAX = 2;
const WORKER = new URL('./hash-worker.js', import.meta.url);

/** What can't be hashed. The message says in one line what, why, and what to do. */
export class HashError extends Error {
  override readonly name = 'HashError';
}
