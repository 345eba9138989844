import { isHonestViewer } from '../population.js';
import type { MeasuredFigures } from '../result.js';
import type { PeerClass } from '../scenario.js';
import { Histogram, quantilesOf, scaled } from './histogram.js';

/** Sums over the peers of a class, or of several: all that its figures are made from. */
export class Tally {
  peers = 0;
  readonly startUpMs: number[] = [];
  readonly seekMs: number[] = [];
  stalls = 0;
  stallMs = 0;
  stalledPeers = 0;
  longestStallMs = 0;
  /** Pieces that were due, and those of them that were whole in time. */
  due = 0;
  inTime = 0;
  readonly lag = new Histogram();
  readonly diffusion = new Histogram();
  readonly uploadMultiples: number[] = [];
  receivedBytes = 0;
  duplicateBytes = 0;
  banned = 0;
  /** Finite ranks that honest viewers gave, and how many; how often one was put before everybody. */
  rankSum = 0;
  ranks = 0;
  favoured = 0;
  badBlocks = 0;
  badBlocksForgiven = 0;
  badBytesPlayed = 0;

  /** Takes over all that another one counted. */
  merge(other: Tally): void {
    this.peers += other.peers;
    this.stalls += other.stalls;
    this.stallMs += other.stallMs;
    this.stalledPeers += other.stalledPeers;
    this.longestStallMs = Math.max(this.longestStallMs, other.longestStallMs);
    this.due += other.due;
    this.inTime += other.inTime;
    this.receivedBytes += other.receivedBytes;
    this.duplicateBytes += other.duplicateBytes;
    this.banned += other.banned;
    this.rankSum += other.rankSum;
    this.ranks += other.ranks;
    this.favoured += other.favoured;
    this.badBlocks += other.badBlocks;
    this.badBlocksForgiven += other.badBlocksForgiven;
    this.badBytesPlayed += other.badBytesPlayed;
    for (const ms of other.startUpMs) this.startUpMs.push(ms);
    for (const ms of other.seekMs) this.seekMs.push(ms);
    for (const multiple of other.uploadMultiples) this.uploadMultiples.push(multiple);
    this.lag.merge(other.lag);
    this.diffusion.merge(other.diffusion);
  }

  /**
   * @param pieceMs - How long a piece lasts (τ).
   * @param rankings - That honest viewers made; 0 where nobody ranks.
   */
  figures(pieceMs: number, rankings: number): MeasuredFigures {
    const diffusionMs = this.diffusion.quantiles();
    const lossShare = share(this.due - this.inTime, this.due);
    return {
      peers: this.peers,
      startUpMs: quantilesOf(this.startUpMs),
      seekMs: quantilesOf(this.seekMs),
      stalls: this.stalls,
      stallMs: this.stallMs,
      stalledPeers: this.stalledPeers,
      longestStallMs: this.longestStallMs,
      deliveredShare: this.due === 0 ? 0 : 1 - lossShare,
      lossShare,
      lagMs: this.lag.quantiles(),
      diffusionMs,
      diffusionTau: scaled(diffusionMs, 1 / pieceMs),
      uploadMultiple: quantilesOf(this.uploadMultiples),
      duplicateShare: share(this.duplicateBytes, this.receivedBytes),
      bannedShare: share(this.banned, this.peers),
      meanRank: share(this.rankSum, this.ranks),
      favouredShare: share(this.favoured, rankings),
      badBlocks: this.badBlocks,
      badBlocksForgiven: this.badBlocksForgiven,
      badBytesPlayed: this.badBytesPlayed,
    };
  }
}

/** By name: the classes', then `honest`, all honest viewers, and `all`. */
export function withSums(classes: readonly PeerClass[], tallies: readonly Tally[]): Readonly<Record<string, Tally>> {
  const [honest, all] = [new Tally(), new Tally()];
  const named: Record<string, Tally> = {};
  for (const [i, tally] of tallies.entries()) {
    const peerClass = classes[i] as PeerClass;
    named[peerClass.name] = tally;
    all.merge(tally);
    if (isHonestViewer(peerClass)) honest.merge(tally);
  }
  return { ...named, honest, all };
}

/** 0 of nothing. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
