export type StretchTone = 'held' | 'part' | 'arriving' | 'awaited';

/** Neighbouring pieces that are alike, in CSS pixels from the left. */
export interface Stretch {
  readonly tone: StretchTone;
  readonly fromPx: number;
  readonly toPx: number;
}

/**
 * Lays the stretches of a file out over the whole width.
 * @param pieces - One character each: `#` held, `+` asked for, `:` in part, anything else missing.
 */
export function filmStrip(pieces: string, widthPx: number): readonly Stretch[] {
  const stretches: { tone: StretchTone; fromPx: number; toPx: number }[] = [];
  for (const [i, piece] of Array.from(pieces).entries()) {
    const tone = TONES[piece] ?? 'awaited';
    const toPx = ((i + 1) * widthPx) / pieces.length;
    const last = stretches.at(-1);
    if (last?.tone === tone) last.toPx = toPx;
    else stretches.push({ tone, fromPx: last?.toPx ?? 0, toPx });
  }
  return stretches;
}

const TONES: Readonly<Record<string, StretchTone>> = { '#': 'held', ':': 'part', '+': 'arriving' };
