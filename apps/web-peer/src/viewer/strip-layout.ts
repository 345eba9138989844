import type { Pieces } from './viewer-stats.js';

export type Tone = 'held' | 'arriving' | 'awaited' | 'lost' | 'absent';

/** Where each piece of the strip stands, in CSS pixels from the left. */
export interface StripLayout {
  /** From one piece's left side to the next one's. */
  readonly pitchPx: number;
  readonly firstSeq: number;
  readonly tones: readonly Tone[];
  /** Left side of the first cell, at or below 0 when older pieces are left out; the last one ends at `edgePx`. */
  readonly firstPx: number;
  readonly edgePx: number;
  /** Left side of the piece that is played now; undefined while none in the strip is. */
  readonly playPx: number | undefined;
}

/** A comfortable cell. A wide strip shows more of the past, not wider cells. */
const PITCH_PX = 8;
/** Share of the strip that the way from the play position to the edge may take before cells shrink. */
const AHEAD_SHARE_MAX = 0.75;

/**
 * Lays the newest pieces out, right-aligned at the edge, so that the play position is always in the picture.
 * @param pieces - Pieces up to the edge.
 * @param playSeq - What is played now; undefined while nothing of this run is.
 * @param widthPx - Room, CSS pixels.
 * @param sparePx - Room to the left of 0, for pieces that are about to drift out of the picture.
 */
export function stripLayout(
  pieces: Pieces,
  playSeq: number | undefined,
  widthPx: number,
  sparePx: number,
): StripLayout {
  const edgeSeq = pieces.fromSeq + pieces.states.length;
  const ahead = playSeq === undefined ? 0 : Math.max(0, edgeSeq - playSeq);
  const wanted = Math.max(Math.floor(widthPx / PITCH_PX), Math.ceil(ahead / AHEAD_SHARE_MAX));
  const pitchPx = wanted === 0 ? PITCH_PX : Math.min(PITCH_PX, widthPx / wanted);
  const shown = Math.min(pieces.states.length, wanted + (pitchPx > 0 ? Math.floor(sparePx / pitchPx) : 0));
  const firstSeq = edgeSeq - shown;
  const firstPx = widthPx - shown * pitchPx;
  const playPx = playSeq === undefined ? undefined : firstPx + (playSeq - firstSeq) * pitchPx;
  return {
    pitchPx,
    firstSeq,
    tones: tonesOf(pieces, playSeq).slice(pieces.states.length - shown),
    firstPx,
    edgePx: widthPx,
    playPx: playPx !== undefined && playPx >= 0 && playPx <= widthPx ? playPx : undefined,
  };
}

/**
 * What each piece is for the person who looks: a missing one is lost once the play position has passed it, awaited before,
 * and merely absent if it is older than anything held (made before this viewer came).
 */
function tonesOf(pieces: Pieces, playSeq: number | undefined): Tone[] {
  const oldest = pieces.states.search(/[#+]/);
  return Array.from(pieces.states, (state, i): Tone => {
    if (state === '#') return 'held';
    if (state === '+') return 'arriving';
    if (oldest === -1 || i < oldest) return 'absent';
    return playSeq !== undefined && pieces.fromSeq + i < playSeq ? 'lost' : 'awaited';
  });
}
