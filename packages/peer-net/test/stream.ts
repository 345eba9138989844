/** A stream to test with: keys, metainfo, and a source that publishes transport packets of no meaning. */
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { blockDigests, encodeCertificate, encodeHeader } from '@tstream/live-piece-auth';
import { nodeSuite } from '@tstream/live-piece-auth/node';
import { createLiveMetainfo, decodeMetainfo, type LiveMetainfo } from '@tstream/tstream-format';
import type { Swarm, SwarmEvent, SwarmOptions } from '../src/swarm.js';

export interface TestStream {
  readonly metainfo: LiveMetainfo;
  readonly streamSecretKey: Uint8Array;
}

export function createStream(trackers: string[] = [], windowPieces = 64): TestStream {
  const streamSecretKey = new Uint8Array(randomBytes(32));
  const bytes = createLiveMetainfo({
    name: 'test',
    pieceLength: 32_768,
    ringPieces: 4 * windowPieces,
    windowPieces,
    streamKey: nodeSuite.publicKey(streamSecretKey),
    ...(trackers.length > 0 ? { announce: [trackers] } : {}),
  });
  const decoded = decodeMetainfo(bytes);
  if (!decoded.ok || decoded.value.kind !== 'live') throw new Error('no live metainfo');
  return { metainfo: decoded.value, streamSecretKey };
}

export function optionsOf(stream: TestStream, overrides: Partial<SwarmOptions>): SwarmOptions {
  return {
    metainfo: stream.metainfo,
    role: 'viewer',
    uploadBitsPerSecondMax: Number.POSITIVE_INFINITY,
    peersMax: 50,
    peers: [],
    discovery: false,
    memoryBytesMax: 32 * 1024 * 1024,
    onEvent: () => undefined,
    ...overrides,
  };
}

/** Publishes pieces through a swarm, and remembers what it published. */
export class TestSource {
  readonly published: Uint8Array[] = [];
  readonly run: number;
  readonly #stream: TestStream;
  readonly #swarm: Swarm;
  readonly #runSecretKey = new Uint8Array(randomBytes(32));
  #seq = 0;

  constructor(stream: TestStream, swarm: Swarm, run = Math.floor(Date.now() / 1000)) {
    this.#stream = stream;
    this.#swarm = swarm;
    this.run = run;
    const certificate = encodeCertificate(
      {
        run,
        lowestValidRun: 0,
        expiryMs: Date.now() + 86_400_000,
        runPublicKey: nodeSuite.publicKey(this.#runSecretKey),
      },
      stream.metainfo.infoDigest,
      stream.streamSecretKey,
      nodeSuite,
    );
    swarm.certify(certificate, run, this.#runSecretKey);
  }

  /** One piece; each begins with an entry point. */
  publish(packets = 160): void {
    const payload = new Uint8Array(randomBytes(packets * 188));
    for (let at = 0; at < payload.length; at += 188) payload[at] = 0x47;
    const header = this.#header({ payload });
    this.published.push(payload);
    this.#swarm.publish(header, payload);
    this.#seq += 1;
  }

  end(): void {
    this.#swarm.beat(this.#header({ end: true }));
  }

  heartbeat(): void {
    this.#swarm.beat(this.#header({ heartbeat: true }));
  }

  /** Publishes at a steady pace until stopped, with a heartbeat each second. */
  start(intervalMs: number): () => void {
    this.heartbeat();
    const timers = [setInterval(() => this.publish(), intervalMs), setInterval(() => this.heartbeat(), 1000)];
    return () => timers.forEach((timer) => clearInterval(timer));
  }

  #header({
    payload,
    heartbeat = false,
    end = false,
  }: {
    payload?: Uint8Array;
    heartbeat?: boolean;
    end?: boolean;
  }): Uint8Array {
    return encodeHeader(
      {
        entry: payload !== undefined,
        discontinuity: false,
        heartbeat,
        end,
        run: this.run,
        seq: this.#seq,
        sourceTimeMs: Date.now(),
        payloadBytes: payload?.length ?? 0,
        entryOffset: payload ? 0 : undefined,
        // Every piece has one, so the newest is the piece before.
        entryDistance: payload ? 0 : this.#seq > 0 ? 1 : undefined,
        digests: payload ? blockDigests(payload, nodeSuite) : [],
      },
      this.#stream.metainfo.infoDigest,
      this.#runSecretKey,
      nodeSuite,
    );
  }
}

/** A reader that keeps everything. */
export function collect(swarm: Swarm): { readonly bytes: () => Buffer; readonly ended: Promise<void> } {
  const sink = new PassThrough({ highWaterMark: 1024 * 1024 });
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => sink.once('end', resolve));
  swarm.addReader(sink, { primary: true });
  return { bytes: () => Buffer.concat(chunks), ended };
}

/** Whether `part` is the end of `whole`. */
export function isTail(part: Uint8Array, whole: readonly Uint8Array[]): boolean {
  const all = Buffer.concat(whole);
  return part.length > 0 && all.subarray(all.length - part.length).equals(part);
}

export async function until(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > giveUpMs) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function eventsOf(): { readonly events: SwarmEvent[]; readonly onEvent: (event: SwarmEvent) => void } {
  const events: SwarmEvent[] = [];
  return { events, onEvent: (event) => events.push(event) };
}
