/**
 * Answers HTTP requests for a file of a torrent that may still be on its way: any number of readers at different places, each at the pace at
 * which its client takes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerText } from '../http-routes.js';
import { type Selection, selectBytes } from './http-range.js';
import { contentDisposition, mediaType } from './media-type.js';

/** A file as it is served. */
export interface ServedFile {
  /** Somebody else's: any text. */
  readonly name: string;
  readonly lengthBytes: number;
  /** Strong, in its quotes: the same bytes as long as it is the same. */
  readonly etag: string;
  /** Reads `[fromByte, toByte)` in order, as it comes in; ends early when the signal is aborted. */
  readonly read: (fromByte: number, toByte: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** The readers of one site. */
export class FileServer {
  readonly #transfers = new Set<Transfer>();
  readonly #heldUpMsMax: number;

  /** @param heldUpMsMax - How long a reader may take nothing while another one of the same file does. The default is a guess: a player that goes on takes much more often. */
  constructor(heldUpMsMax = 3000) {
    this.#heldUpMsMax = heldUpMsMax;
  }

  /** Resolves when the answer is out, or its client is gone. */
  async serve(request: IncomingMessage, response: ServerResponse, file: ServedFile): Promise<void> {
    const selection = selectBytes(request.method, request.headers, file);
    const span = writeHead(response, selection, file);
    if (!span) return answerNothing(response, selection, file);
    if (request.method === 'HEAD') return void response.end();
    const transfer = new Transfer(response, file, span, () => this.#taken(transfer));
    this.#transfers.add(transfer);
    try {
      await transfer.run();
      response.end();
    } catch {
      // What was promised can't be sent any more: a closed connection is the only way to tell.
      response.destroy();
    } finally {
      this.#transfers.delete(transfer);
    }
  }

  /**
   * A player that jumps often leaves its old connection open, and reads no more from it. Such a reader must not draw pieces to its place:
   * once another one of the same file is taken from, it is let go until its client takes again.
   */
  #taken(transfer: Transfer): void {
    for (const other of this.#transfers) {
      if (other !== transfer && other.file.etag === transfer.file.etag) other.letGoIfHeldUp(this.#heldUpMsMax);
    }
  }
}

interface Span {
  readonly fromByte: number;
  readonly toByte: number;
}

/** One answer's body. */
class Transfer {
  readonly file: ServedFile;
  readonly #response: ServerResponse;
  readonly #onTaken: () => void;
  readonly #toByte: number;
  #atByte: number;
  #reading = new AbortController();
  #heldUpSinceMs: number | undefined;

  constructor(response: ServerResponse, file: ServedFile, { fromByte, toByte }: Span, onTaken: () => void) {
    this.file = file;
    this.#response = response;
    this.#onTaken = onTaken;
    this.#atByte = fromByte;
    this.#toByte = toByte;
  }

  /** @throws What the file's reader throws, or if it ends early. */
  async run(): Promise<void> {
    this.#response.once('close', () => this.#reading.abort());
    while (this.#atByte < this.#toByte && !this.#response.destroyed) {
      this.#reading = new AbortController();
      await this.#read(this.#reading.signal);
      await this.#drained();
    }
  }

  letGoIfHeldUp(afterMs: number): void {
    if (this.#heldUpSinceMs !== undefined && performance.now() - this.#heldUpSinceMs >= afterMs) this.#reading.abort();
  }

  /** Until the end, or until it is let go. */
  async #read(signal: AbortSignal): Promise<void> {
    for await (const bytes of this.file.read(this.#atByte, this.#toByte, signal)) {
      if (signal.aborted) return;
      this.#atByte += bytes.length;
      this.#onTaken();
      if (!this.#response.write(bytes)) await this.#drained(signal);
      if (signal.aborted) return;
    }
    if (!signal.aborted && this.#atByte < this.#toByte)
      throw new RangeError(`expected to read up to byte ${this.#toByte}, got ${this.#atByte}`);
  }

  /** Until the client has taken what was written, is gone, or the reading is aborted. */
  #drained(signal?: AbortSignal): Promise<void> {
    const response = this.#response;
    return new Promise((resolve) => {
      if (!response.writableNeedDrain || response.destroyed || signal?.aborted) return resolve();
      this.#heldUpSinceMs ??= performance.now();
      const done = () => {
        response.off('drain', drained).off('close', drained);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const drained = () => {
        this.#heldUpSinceMs = undefined;
        done();
      };
      response.on('drain', drained).on('close', drained);
      signal?.addEventListener('abort', done);
    });
  }
}

/** @returns What the body is; undefined if there is none of the file. */
function writeHead(response: ServerResponse, selection: Selection, file: ServedFile): Span | undefined {
  const { type, inline } = mediaType(file.name);
  response.statusCode = selection.status;
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', file.etag);
  if (selection.status !== 200 && selection.status !== 206) return undefined;
  response.setHeader('content-type', type);
  response.setHeader('content-disposition', contentDisposition(file.name, inline));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', CONTENT_POLICY);
  const { fromByte, toByte } = selection.status === 206 ? selection : { fromByte: 0, toByte: file.lengthBytes };
  response.setHeader('content-length', toByte - fromByte);
  if (selection.status === 206)
    response.setHeader('content-range', `bytes ${fromByte}-${toByte - 1}/${file.lengthBytes}`);
  return { fromByte, toByte };
}

function answerNothing(response: ServerResponse, { status }: Selection, file: ServedFile): void {
  if (status === 304) return void response.end();
  if (status === 412) return answerText(response, 412, 'this is another content');
  response.setHeader('content-range', `bytes */${file.lengthBytes}`);
  answerText(response, 416, `expected a range within ${file.lengthBytes} bytes`);
}

/** Shown by itself, it may show itself and nothing else; never as somebody of this site. */
const CONTENT_POLICY =
  "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";
