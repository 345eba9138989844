/** What the page's player sees four times a second. */
export interface PlaybackView {
  readonly currentTimeS: number;
  readonly paused: boolean;
  /** Buffered ranges, ascending, seconds. */
  readonly ranges: readonly (readonly [startS: number, endS: number])[];
  /** For how long the picture has stood still, milliseconds. */
  readonly stuckMs: number;
  /** Since this connection began, the peer has gone over to another run, whose clock need not continue this one's. */
  readonly runChanged: boolean;
  /** The peer says that it is playing, so a picture that stands still is this page's fault. */
  readonly peerPlays: boolean;
}

export type Correction =
  | { readonly type: 'none' }
  | { readonly type: 'seek'; readonly toS: number }
  | { readonly type: 'restart' };

/** Behind the newest byte by more than this, the page jumps instead of hurrying: after a laptop lid, a background tab. */
const BEHIND_S_MAX = 12;
const LANDING_S = 1.2;
const GAP_PATIENCE_MS = 400;
const RUN_PATIENCE_MS = 400;
/** A guess: longer than any pause a sound picture makes, shorter than a person's patience. */
const STUCK_PATIENCE_MS = 4000;
/** Before the first picture: an entry point may be some seconds away. */
const START_PATIENCE_MS = 10_000;
/** A time just inside a range; its exact start can be rounded to before it. */
const INSIDE_S = 0.01;

/**
 * Decides what to do about a picture that stands still or lags.
 * The first buffered time of an MPEG-TS is rarely 0, and a lost piece leaves a hole that no player steps over by itself.
 */
export function correct(view: PlaybackView): Correction {
  if (view.paused) return { type: 'none' };
  const first = view.ranges[0];
  const last = view.ranges.at(-1);
  if (first !== undefined && last !== undefined) {
    if (view.currentTimeS < first[0]) return { type: 'seek', toS: first[0] + INSIDE_S };
    if (last[1] - view.currentTimeS > BEHIND_S_MAX) return { type: 'seek', toS: edgeTime(last) };
    const beyond = view.ranges.find(([startS]) => startS > view.currentTimeS);
    if (beyond !== undefined && view.stuckMs >= GAP_PATIENCE_MS) return { type: 'seek', toS: beyond[0] + INSIDE_S };
  }
  return view.peerPlays && view.stuckMs >= patienceMs(view) ? { type: 'restart' } : { type: 'none' };
}

function patienceMs(view: PlaybackView): number {
  if (view.runChanged) return RUN_PATIENCE_MS;
  return view.ranges.length === 0 ? START_PATIENCE_MS : STUCK_PATIENCE_MS;
}

/** Where to land when jumping to the edge: a little before the newest byte, so that playback doesn't stop at once. */
export function edgeTime([startS, endS]: readonly [startS: number, endS: number]): number {
  return Math.max(startS + INSIDE_S, endS - LANDING_S);
}

const FIRST_DELAY_MS = 500;
const DELAY_MS_MAX = 8000;

/** How long to wait before connecting again after `failures` connections in a row that came to nothing. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}
