import type { Member } from '../member.js';
import type { FedBy } from '../result.js';
import type { Roster } from './roster.js';

/** Who fed whom over time: bytes of video, by class, by distance from the source, and in small swarms by peer. */
export class Feeding {
  readonly #roster: Roster;
  readonly #sliceMs: number;
  readonly #slices: number;
  readonly #ringPieces: number;
  readonly #byClass = new Map<string, Map<string, Float64Array>>();
  readonly #byHops = new Map<number, Float64Array>();
  /** By the numbers of the receiver and of the sender. */
  readonly #byPeer: Float64Array[][] = [];
  readonly #classes: string[] = [];
  /** By the peer's number, a ring of pieces: over how many transfers each came to it. */
  readonly #hops: Uint8Array[] = [];

  /** @param ringPieces - More than any peer keeps. */
  constructor(roster: Roster, { endMs, ringPieces }: { readonly endMs: number; readonly ringPieces: number }) {
    this.#roster = roster;
    this.#sliceMs = 1000 * Math.max(1, Math.ceil(endMs / 1000 / SLICES_MAX));
    this.#slices = Math.ceil(endMs / this.#sliceMs);
    this.#ringPieces = ringPieces;
  }

  /** A block was delivered. @param isFirst - The receiver didn't have it. */
  add(to: Member, from: Member, seq: number, bytes: number, isFirst: boolean, atMs: number): void {
    const slice = Math.min(this.#slices - 1, Math.floor(atMs / this.#sliceMs));
    const hops = this.#hopsOf(from, seq) + 1;
    if (isFirst) this.#noteHops(to, seq, hops);
    this.#count(this.#classSeries(to, from), slice, bytes);
    this.#count(this.#hopsSeries(Math.min(hops, HOPS_MAX)), slice, bytes);
    if (Math.max(to.number, from.number) < PEERS_MAX) this.#count(this.#peerSeries(to, from), slice, bytes);
    this.#classes[to.number] = this.#nameOf(to);
    this.#classes[from.number] = this.#nameOf(from);
  }

  /** What was counted until then. */
  table(atMs: number): FedBy {
    const slices = Math.min(this.#slices, Math.ceil(atMs / this.#sliceMs));
    const seriesOf = (bytes: Float64Array) => [...bytes.subarray(0, slices)];
    const classes = [...this.#byClass].flatMap(([receiver, row]) =>
      [...row].map(([sender, bytes]) => ({ receiver, sender, bytes: seriesOf(bytes) })),
    );
    const hops = [...this.#byHops].sort(([a], [b]) => a - b);
    return {
      atSeconds: Array.from({ length: slices }, (_, i) => Math.min(atMs, (i + 1) * this.#sliceMs) / 1000),
      classes,
      hops: hops.map(([hops, bytes]) => ({ hops, bytes: seriesOf(bytes) })),
      peers: this.#classes.length > PEERS_MAX ? null : this.#peerTable(seriesOf),
    };
  }

  #peerTable(seriesOf: (bytes: Float64Array) => number[]): NonNullable<FedBy['peers']> {
    const pairs = this.#byPeer.flatMap((row, receiver) =>
      row.flatMap((bytes, sender) => [{ receiver, sender, bytes: seriesOf(bytes) }]),
    );
    return { classes: Array.from(this.#classes, (name) => name ?? ''), pairs };
  }

  #count(series: Float64Array, slice: number, bytes: number): void {
    series[slice] = (series[slice] as number) + bytes;
  }

  #classSeries(to: Member, from: Member): Float64Array {
    const [receiver, sender] = [this.#nameOf(to), this.#nameOf(from)];
    let row = this.#byClass.get(receiver);
    if (!row) this.#byClass.set(receiver, (row = new Map()));
    let series = row.get(sender);
    if (!series) row.set(sender, (series = new Float64Array(this.#slices)));
    return series;
  }

  #hopsSeries(hops: number): Float64Array {
    let series = this.#byHops.get(hops);
    if (!series) this.#byHops.set(hops, (series = new Float64Array(this.#slices)));
    return series;
  }

  #peerSeries(to: Member, from: Member): Float64Array {
    const row = (this.#byPeer[to.number] ??= []);
    return (row[from.number] ??= new Float64Array(this.#slices));
  }

  /** 0 at the source. */
  #hopsOf({ number }: Member, seq: number): number {
    return this.#hops[number]?.[seq % this.#ringPieces] ?? 0;
  }

  #noteHops({ number }: Member, seq: number, hops: number): void {
    const ring = (this.#hops[number] ??= new Uint8Array(this.#ringPieces));
    ring[seq % this.#ringPieces] = Math.min(hops, HOPS_MAX);
  }

  #nameOf(member: Member): string {
    return this.#roster.entryOf(member)?.peerClass.name ?? 'source';
  }
}

/** Enough for a chart, and a bound on what a long run keeps. */
const SLICES_MAX = 120;
/** From there on all counts as as far. */
const HOPS_MAX = 32;
/** What a heat map shows, and a bound on what pairs of peers take. */
const PEERS_MAX = 100;
