import type { Bound } from './scenario.js';

/** What came of a scenario with one seed: plain data, the same for the same seed. */
export interface RunResult {
  /** Its title. */
  readonly scenario: string;
  readonly seed: number;
  readonly picker: string;
  readonly choker: string;
  /** Over every message delivered, and its time. */
  readonly traceHash: string;
  /** Messages delivered. */
  readonly messages: number;
  readonly virtualSeconds: number;
  /** How long a piece lasts, milliseconds (τ). */
  readonly pieceMs: number;
  /** By class; `honest` is all honest viewers, `all` is everybody but the source. */
  readonly classes: Readonly<Record<string, ClassFigures>>;
  /** What the source sent from `measureFromSeconds` on, × the bitrate: on its line, and of video. */
  readonly source: { readonly uploadMultiple: number; readonly videoUploadMultiple: number };
  /** Bytes sent by all from `measureFromSeconds` on, by message; `payload` is the video, `packets` the heads of TCP/IP packets. */
  readonly wireBytes: Readonly<Record<string, number>>;
  /** All bytes of messages that are not payload, by payload; without the heads of packets. */
  readonly overheadShare: number;
  readonly series: Series;
  readonly fedBy: FedBy;
  readonly failedBounds: readonly FailedBound[];
}

/** What changed in time: one entry each second, at its end. */
export interface Series {
  readonly atSeconds: readonly number[];
  /** Peers, without the source. */
  readonly online: readonly number[];
  /** Honest viewers that stand still. */
  readonly stalledNow: readonly number[];
  /** Of the pieces made in this second, by all honest viewers for whom they were due. */
  readonly lossShare: readonly number[];
  /** What the source's line carried, × the bitrate. */
  readonly sourceMultiple: readonly number[];
  readonly overheadShare: readonly number[];
}

/** Who fed whom over time: bytes of video delivered in each slice of time, from the beginning on. */
export interface FedBy {
  /** The end of each slice; the last one may be shorter. All series have an entry for each. */
  readonly atSeconds: readonly number[];
  /** By the classes of receiver and sender, `source` among these. */
  readonly classes: readonly {
    readonly receiver: string;
    readonly sender: string;
    readonly bytes: readonly number[];
  }[];
  /** By how many transfers away from the source: 1 came from the source itself. What is 32 or more counts as 32. */
  readonly hops: readonly { readonly hops: number; readonly bytes: readonly number[] }[];
  /** By peer, in swarms of up to a hundred; peers are numbers in the order in which they came, 0 is the source. */
  readonly peers: {
    /** Each peer's class, by its number. */
    readonly classes: readonly string[];
    readonly pairs: readonly {
      readonly receiver: number;
      readonly sender: number;
      readonly bytes: readonly number[];
    }[];
  } | null;
}

/** A bound that did not hold; `found` is NaN where there was nothing to measure. */
export interface FailedBound {
  readonly bound: Bound;
  readonly found: number;
}

/** What became of the peers of a class, and what could have. */
export interface ClassFigures extends MeasuredFigures, ReferenceFigures {}

/** What could have become of a class: senders that know everything, without a protocol (`reference/model.ts`). */
export interface ReferenceFigures {
  /** As `diffusionTau`, where the newest useful piece goes to any neighbour that lacks it. */
  readonly plainTau: Quantiles;
  /** As `lossShare`; where a scenario has no lag, of what didn't come within 10 s. */
  readonly plainLossShare: number;
  /** As `diffusionTau`, where it goes to the one with the most upload. */
  readonly byStrengthTau: Quantiles;
  readonly byStrengthLossShare: number;
  /** `diffusionTau` by `plainTau`, quantile by quantile; 0 where there is none. */
  readonly overPlainMultiple: Quantiles;
  /** `diffusionTau` by `byStrengthTau`. */
  readonly overByStrengthMultiple: Quantiles;
}

/** What became of the peers of a class. Of seeds only what they sent and took in is told. */
export interface MeasuredFigures {
  /** That arrived. */
  readonly peers: number;
  /** From arrival to the first byte at the reader; who never began counts with the time that it waited, from 5 s on. */
  readonly startUpMs: Quantiles;
  /** On demand: from a jump to the first byte shown from there; who never sees one counts with the time that it waited. */
  readonly seekMs: Quantiles;
  /** From `measureFromSeconds` on. */
  readonly stalls: number;
  readonly stallMs: number;
  readonly stalledPeers: number;
  readonly longestStallMs: number;
  /**
   * Of the pieces made while a viewer played, and from `measureFromSeconds` on: those that were whole when due. Due is the time of the
   * first byte at the source plus the lag. Who never begins has lost all that was made later than 5 s after it came.
   * On demand: of the pieces that a viewer's reader came to those that were whole by then.
   */
  readonly deliveredShare: number;
  /** 1 − `deliveredShare`. */
  readonly lossShare: number;
  /** From a piece's first byte at the source to the reader, of all pieces read. */
  readonly lagMs: Quantiles;
  /** From "the source has it whole" to "the viewer has it whole", of the pieces that came. */
  readonly diffusionMs: Quantiles;
  /** The same in τ. */
  readonly diffusionTau: Quantiles;
  /** Video sent / (bitrate × time online), of each peer. */
  readonly uploadMultiple: Quantiles;
  /** Video received more than once / received. */
  readonly duplicateShare: number;
  /** Peers that an honest one sent away for good. */
  readonly bannedShare: number;
  /**
   * Of the ranks that honest viewers' chokers gave to these from `measureFromSeconds` on, in the choker's own unit; those who were put
   * before everybody whatever they gave, with an infinite rank, are left out.
   */
  readonly meanRank: number;
  /** Of all rankings that honest viewers made from then on: those that put one of these before everybody with an infinite rank. */
  readonly favouredShare: number;
  /** Blocks that no source made, which honest viewers took from these; not those that they had given up, and threw away unread. */
  readonly badBlocks: number;
  /** Those of them after which the receiver did not at once send the sender away for good. */
  readonly badBlocksForgiven: number;
  /** Bytes of pieces that went to the reader and are not what the source made. */
  readonly badBytesPlayed: number;
}

/** All 0 where nothing was measured. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly mean: number;
}
