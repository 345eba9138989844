/** The source's figures, for its page, scripts and the terminal. */
import type { Swarm } from '@tstream/peer-net';
import type { Broadcaster } from './broadcaster.js';

export type InputState = 'live' | 'paused' | 'retrying' | 'ended';

export interface SourceFigures {
  readonly title: string;
  readonly name: string;
  readonly infohash: string;
  readonly run: number;
  readonly seq: number;
  readonly uptimeMs: number;
  readonly peers: number;
  readonly viewersEver: number;
  readonly inBytes: number;
  readonly upBytes: number;
  readonly inBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  /** Upload over bitrate; null before the bitrate is known. */
  readonly uploadMultiple: number | null;
  readonly maxUploadBitsPerSecond: number;
  readonly inputState: InputState;
  /** Share of neighbours, 0–1, that hold the piece made two seconds ago. */
  readonly heldByMedian: number | null;
  readonly page: string;
  readonly tstreamUrl: string;
  readonly reachable: 'yes' | 'no' | 'unknown';
  readonly peersBanned: number;
  readonly neighbours: readonly SourceNeighbour[];
}

export interface SourceNeighbour {
  readonly id: string;
  readonly address: string;
  readonly client: string;
  readonly upBytes: number;
  readonly upBitsPerSecond: number;
  readonly behindPieces: number | null;
}

/** Measures what comes in. */
export class InputMeter {
  readonly #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** Takes a sample of the counter; to be called several times a second. */
  sample(bytes: number, nowMs: number): void {
    this.#samples.push({ atMs: nowMs, bytes });
    while (this.#samples.length > 1 && nowMs - (this.#samples[0]?.atMs ?? 0) > METER_MS) this.#samples.shift();
  }

  /** Bits per second over the last ten seconds. */
  get bitsPerSecond(): number {
    return this.#over(METER_MS) ?? 0;
  }

  /** Bits per second over the last second; undefined before there was one. */
  get recentBitsPerSecond(): number | undefined {
    return this.#spanMs < RECENT_MS ? undefined : this.#over(RECENT_MS);
  }

  /** Whether nothing came in over the last two seconds. */
  get silent(): boolean {
    return this.#spanMs >= SILENT_MS && this.#over(SILENT_MS) === 0;
  }

  get #spanMs(): number {
    return (this.#samples.at(-1)?.atMs ?? 0) - (this.#samples[0]?.atMs ?? 0);
  }

  /** From the newest sample that is that old, or the oldest, to now. */
  #over(spanMs: number): number | undefined {
    const last = this.#samples.at(-1);
    const first = this.#samples.findLast((sample) => last && last.atMs - sample.atMs >= spanMs) ?? this.#samples[0];
    if (!first || !last || last.atMs <= first.atMs) return undefined;
    return Math.round(((last.bytes - first.bytes) * 8000) / (last.atMs - first.atMs));
  }
}

export interface FiguresSources {
  readonly swarm: Swarm;
  readonly broadcaster: Broadcaster;
  readonly meter: InputMeter;
  readonly seen: Set<string>;
  readonly inputState: InputState;
  readonly uploadBitsPerSecondMax: number;
  readonly page: string;
  readonly tstreamUrl: string;
  readonly startedMs: number;
}

export function sourceFigures(sources: FiguresSources): SourceFigures {
  const { swarm, broadcaster, meter, seen } = sources;
  const figures = swarm.figures();
  for (const neighbour of figures.neighbours) seen.add(neighbour.id);
  const inBitsPerSecond = meter.bitsPerSecond;
  return {
    title: figures.title,
    name: swarm.metainfo.name,
    infohash: figures.infohash,
    run: broadcaster.run,
    seq: broadcaster.seq,
    uptimeMs: Math.round(performance.now() - sources.startedMs),
    peers: figures.peers,
    viewersEver: seen.size,
    inBytes: broadcaster.inBytes,
    upBytes: figures.upBytes,
    inBitsPerSecond,
    upBitsPerSecond: figures.upBitsPerSecond,
    uploadMultiple: inBitsPerSecond > 0 ? Math.round((100 * figures.upBitsPerSecond) / inBitsPerSecond) / 100 : null,
    maxUploadBitsPerSecond: sources.uploadBitsPerSecondMax,
    inputState: sources.inputState === 'live' && meter.silent ? 'paused' : sources.inputState,
    heldByMedian: figures.heldByMedian,
    page: sources.page,
    tstreamUrl: sources.tstreamUrl,
    reachable: figures.neighbours.some((neighbour) => neighbour.incoming && isPublic(neighbour.address))
      ? 'yes'
      : 'unknown',
    peersBanned: figures.peersBanned,
    neighbours: figures.neighbours.map(({ id, address, client, upBytes, upBitsPerSecond, behindPieces }) => ({
      id,
      address,
      client,
      upBytes,
      upBitsPerSecond,
      behindPieces,
    })),
  };
}

function isPublic(address: string): boolean {
  return !/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[?(::1|f[cde]|::ffff:127))/i.test(address);
}

const METER_MS = 10_000;
const RECENT_MS = 1000;
const SILENT_MS = 2000;
