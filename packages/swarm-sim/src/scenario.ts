/**
 * What a scenario says: one file of `scenarios/*.json`, as JSON has it. `parseScenario` checks one; all else takes its word.
 *
 * Rates of lines are multiples of the video's bitrate, so that a scenario is the same story at any bitrate.
 */

/** A swarm, what happens to it, and what must come of it. */
export interface Scenario {
  readonly title: string;
  /** For people: what it is to show, and why a bound stands where it does. */
  readonly about: string;
  /** Virtual time in all. */
  readonly seconds: number;
  /** Pieces made before are not counted, on demand viewers that come before: the swarm settles. */
  readonly measureFromSeconds: number;
  readonly video: Video;
  /** Each peer looks for so many; a seed for as many as it may have, 50 at least. */
  readonly neighbours: number;
  /** Every viewer plays so far behind the source; absent: each finds its own lag. */
  readonly lagSeconds?: number | undefined;
  readonly links: {
    /** Of each pair of peers, drawn once, the same in both directions unless a matrix says otherwise; rounded to whole milliseconds. */
    readonly oneWayDelayMs: Distribution | DelayMatrix | MeasuredDelays;
    /** Of a million pieces sent, how many never arrive, with no sign to either side. */
    readonly lossPerMillion: number;
    /** Of a million attempts to connect, how many fail; absent: none. */
    readonly failPerMillion?: number | undefined;
    /**
     * How a line sends what its connections have waiting: `fair`, evenly, what is short first, as systems and routers with a queue for
     * each flow do (RFC 8290); `fifo`, one queue for all, as plain modems do. Absent: fair.
     */
    readonly queue?: 'fair' | 'fifo' | undefined;
  };
  readonly source: {
    /** × bitrate; the figure u_s. */
    readonly upload: number;
    /** Name of the region that it is in; absent: any, by chance. */
    readonly region?: string | undefined;
    readonly count?: 1 | undefined;
  };
  readonly peers: readonly PeerClass[];
  /** Names, or paths of files that whoever runs the scenario loads; absent: the defaults. */
  readonly policies?: { readonly picker?: string | undefined; readonly choker?: string | undefined } | undefined;
  readonly events?: readonly MassLeave[] | undefined;
  /** Must hold for every seed. */
  readonly bounds: readonly Bound[];
}

/** Delays between regions, each with a row and a column. */
export interface DelayMatrix {
  readonly matrix: {
    /** Names, in the order of rows and columns. */
    readonly regions: readonly string[];
    /** From the region of the row to that of the column, milliseconds; what is no number is drawn for each pair of peers. */
    readonly ms: readonly (readonly Distribution[])[];
  };
}

/** Delays between places that somebody measured: each peer is at one of them. */
export interface MeasuredDelays {
  readonly matrix: {
    /** A table of N × N numbers, as text; whoever runs the scenario loads it. */
    readonly file: string;
    /** What makes the table's numbers one-way milliseconds: 0.5 if they are round trips in milliseconds. Absent: 1. */
    readonly times?: number | undefined;
  };
}

export interface Video {
  /** Mean bitrate. */
  readonly bitsPerSecond: number;
  /** Payload of each piece; with `pieces`, of the largest one allowed. */
  readonly pieceBytes: number;
  /** Of live video; video on demand has none. */
  readonly entryEverySeconds?: number | undefined;
  /** Variable bitrate: bytes of each piece, over and over. All last equally long, and their mean is the bitrate. */
  readonly pieces?: readonly number[] | undefined;
  /** It is a film, an ordinary torrent that is watched while it downloads; absent: live. */
  readonly onDemand?: OnDemand | undefined;
}

/** A film of constant bitrate. The source and seeds have it from the beginning, viewers watch it from its beginning. */
export interface OnDemand {
  /** How long it lasts. */
  readonly seconds: number;
}

/** Peers that are alike. */
export interface PeerClass {
  readonly name: string;
  readonly count: number;
  /** A seed keeps the whole window, or has the whole film, and plays nothing; absent: viewer. */
  readonly role?: 'viewer' | 'seed' | undefined;
  /** Of each one's line, × bitrate. */
  readonly upload: Rate;
  /** Of each one's line, × bitrate. */
  readonly download: Rate;
  /** Peers of a class with `sybil` share one line; those of one with `coalition` know each other. */
  readonly behaviour: Behaviour;
  /** Name of the region that they are in, or the shares of several; absent: all alike. */
  readonly region?: string | Readonly<Record<string, number>> | undefined;
  /** False: behind a NAT, it opens connections and takes none. */
  readonly reachable?: boolean | undefined;
  /** Absent: at the beginning. */
  readonly arrive?: Arrival | undefined;
  /** Seconds until it leaves; absent: to the end. */
  readonly stay?: Distribution | undefined;
  /** On demand: seconds for which it goes on serving when it has seen the film; absent: to the end of the scenario, or of `stay`. */
  readonly stayAfter?: Distribution | undefined;
  /** On demand: absent: it watches from the beginning to the end. */
  readonly seek?: Seek | undefined;
}

/** A viewer jumps once. */
export interface Seek {
  /** Seconds of the film that it has seen by then. */
  readonly afterSeconds: Distribution;
  /** Where it jumps to, seconds from the film's beginning; what is behind the end leaves a second to watch. */
  readonly toSeconds: Distribution;
}

/** What a line carries: the same for all of a class, or drawn for each. */
export type Rate = number | { readonly uniform: readonly [number, number] } | { readonly values: readonly number[] };

export type Arrival =
  /** All at once. */
  | { readonly atSeconds: number }
  /** At random times within so many seconds. */
  | { readonly flashSeconds: number; readonly atSeconds: number }
  /** One after the other until the class is complete. */
  | { readonly poissonPerSecond: number; readonly atSeconds: number }
  /** One time for each peer. */
  | { readonly atSecondsEach: readonly number[] };

/** How a number is drawn; `values` draws each of them equally often. */
export type Distribution =
  | number
  | { readonly uniform: readonly [number, number] }
  | { readonly exponential: { readonly mean: number } }
  | { readonly weibull: { readonly shape: number; readonly scale: number } }
  | { readonly logNormal: { readonly median: number; readonly sigma: number } }
  | { readonly values: readonly number[] };

/** `slow` is honest, on a line of little upload. On demand there are `honest`, `slow` and `free-rider`, who unchokes nobody. */
export type Behaviour =
  | 'honest'
  | 'free-rider'
  | 'slow'
  | 'have-liar'
  | 'forward-liar'
  | 'coalition'
  | 'sybil'
  | 'polluter'
  | 'replayer'
  | 'edge-liar'
  | 'staller';

/** A share of a class, drawn by chance, ends at once. */
export interface MassLeave {
  readonly atSeconds: number;
  readonly leave: { readonly of: string; readonly share: number };
}

/** What must be true of a run. */
export interface Bound {
  /** Dotted path into the figures of a class, such as `diffusionTau.p99`; of `run`, into the whole result. */
  readonly metric: string;
  /** Name of a class, `honest` (all honest viewers; the default), `all`, or `run`. */
  readonly of?: string | undefined;
  readonly atLeast?: Limit | undefined;
  readonly atMost?: Limit | undefined;
}

/** A number, or so many times another figure of the same run, such as "three times what the honest lose". */
export type Limit = number | RelativeLimit;

export interface RelativeLimit {
  readonly times: number;
  /** As of a bound. */
  readonly of: string;
  /** Absent: that of the bound. */
  readonly metric?: string | undefined;
}
