/** What the graph remembers of one second. */
export interface Sample {
  readonly atMs: number;
  readonly bufferMs: number;
  readonly latencyMs: number;
  /** Playback stood still. */
  readonly stalled: boolean;
}

interface GridLine {
  readonly yPx: number;
  readonly label: string;
}

interface Band {
  readonly xPx: number;
  readonly widthPx: number;
}

export interface GraphLayout {
  /** SVG path data of the two lines, and of the area under the first. */
  readonly bufferPath: string;
  readonly bufferArea: string;
  readonly latencyPath: string;
  readonly grid: readonly GridLine[];
  readonly stalls: readonly Band[];
}

const SPAN_MS = 60_000;

/** Steps of the scale, seconds: the smallest one is taken that needs at most three grid lines. */
const STEPS_S = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

/** A silence longer than this is a gap in the line, not a slope. */
const GAP_MS = 4000;

/** The samples of the last minute. */
export function recent(samples: readonly Sample[], nowMs: number): Sample[] {
  return samples.filter((sample) => sample.atMs > nowMs - SPAN_MS - 2000);
}

/**
 * Lays out the last minute: both lines on one scale in seconds, now at the right.
 * @param samples - Oldest first.
 * @param nowMs - The time at the right side, on the samples' clock.
 */
export function graphLayout(samples: readonly Sample[], nowMs: number, widthPx: number, heightPx: number): GraphLayout {
  const topMs = Math.max(1000, ...samples.map((sample) => Math.max(sample.bufferMs, sample.latencyMs)));
  const stepS = STEPS_S.find((step) => topMs / 1000 <= step * 3) ?? topMs / 3000;
  const scaleMs = Math.max(topMs * 1.12, stepS * 1000);
  const x = (sample: Sample): number => round(widthPx * (1 - (nowMs - sample.atMs) / SPAN_MS));
  const y = (ms: number): number => round(heightPx * (1 - ms / scaleMs));
  const stretches = unbroken(samples);
  const line = (of: (sample: Sample) => number): string =>
    stretches.map((part) => polyline(part.map((s) => [x(s), y(of(s))] as const))).join('');
  return {
    bufferPath: line((s) => s.bufferMs),
    latencyPath: line((s) => s.latencyMs),
    bufferArea: stretches
      .map((part) =>
        area(
          part.map((s) => [x(s), y(s.bufferMs)] as const),
          heightPx,
        ),
      )
      .join(''),
    grid: gridLines(stepS, scaleMs, y),
    stalls: stallBands(samples, x),
  };
}

function unbroken(samples: readonly Sample[]): Sample[][] {
  const parts: Sample[][] = [];
  let last: Sample | undefined;
  for (const sample of samples) {
    if (last === undefined || sample.atMs - last.atMs > GAP_MS) parts.push([]);
    parts.at(-1)?.push(sample);
    last = sample;
  }
  return parts;
}

function gridLines(stepS: number, scaleMs: number, y: (ms: number) => number): GridLine[] {
  const lines: GridLine[] = [];
  for (let i = 1; i * stepS * 1000 <= scaleMs; i += 1) {
    lines.push({ yPx: y(i * stepS * 1000), label: `${Number((i * stepS).toFixed(1))} s` });
  }
  return lines;
}

function stallBands(samples: readonly Sample[], x: (sample: Sample) => number): Band[] {
  const bands: Band[] = [];
  samples.forEach((sample, i) => {
    const next = samples[i + 1];
    if (!sample.stalled) return;
    const xPx = x(sample);
    bands.push({ xPx, widthPx: next === undefined ? 2 : Math.max(2, x(next) - xPx) });
  });
  return bands;
}

type Point = readonly [xPx: number, yPx: number];

function polyline(points: readonly Point[]): string {
  return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('');
}

function area(points: readonly Point[], bottomPx: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  return `${polyline(points)}L${last[0]} ${bottomPx}L${first[0]} ${bottomPx}Z`;
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
