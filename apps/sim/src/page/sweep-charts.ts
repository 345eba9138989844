/** Charts over a swept value: honest viewers' figures, with the 95 % interval over seeds. */
import { classFiguresOf, type Figure, figuresOf, headlinesOf } from '../figures.js';
import { limitsOf } from '../limits.js';
import { estimate } from '../statistics.js';
import type { Study, Variant } from '../study.js';
import { formatFigure } from '../words.js';
import { axis, type Chart, GRID, type Option, tooltip } from './charts.js';
import { colourOf, type Palette } from './palette.js';
import { type Band, bandOf } from './time-charts.js';

export function sweepCharts({ over, variants }: Study): Chart[] {
  const all = variants.slice(0, 1).flatMap(({ scenario }) => [...headlinesOf(scenario), ...classFiguresOf(scenario)]);
  return GROUPS.flatMap(({ title, note, paths, withBound }) => {
    const figures = paths.flatMap((path) => all.find((figure) => figure.path === path) ?? []);
    // Of what this kind of video doesn't have, there is no chart.
    if (figures.length === 0) return [];
    const option: Chart['option'] = (palette) =>
      sweepOption(palette, over ?? '', variants, figures, withBound === true);
    return [{ title, note, option }];
  });
}

function sweepOption(
  palette: Palette,
  over: string,
  variants: readonly Variant[],
  figures: readonly Figure[],
  withBound: boolean,
): Option {
  const xs = variants.map(({ label }) => label);
  const numbers = xs.map(Number);
  const isNumeric = numbers.every(Number.isFinite);
  const isWide = isNumeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= WIDE;
  const positions = isNumeric ? numbers : xs;
  const format = (value: number) => formatFigure(value, figures[0]?.unit ?? 'count');
  const bounds = variants.map(({ scenario }, i) => [positions[i], limitsOf(scenario).diffusionTau ?? null]);
  return {
    xAxis: axis(palette, {
      type: isWide ? 'log' : isNumeric ? 'value' : 'category',
      ...(isNumeric ? { min: Math.min(...numbers), max: Math.max(...numbers) } : { data: xs }),
      name: over,
      nameLocation: 'middle',
      nameGap: 28,
    }),
    yAxis: axis(palette, { type: 'value', min: 0, axisLabel: { color: palette.soft, formatter: format } }),
    grid: { ...GRID, bottom: 66 },
    tooltip: tooltip(palette, format),
    series: [
      ...figures.flatMap((figure, i) => {
        const bands = variants.map((variant) => bandAbout(variant, figure));
        return bandOf(figure.label, colourOf(palette, i), positions, bands);
      }),
      ...(withBound
        ? [
            {
              name: 'bound',
              type: 'line',
              symbol: 'none',
              data: bounds,
              itemStyle: { color: palette.limit },
              lineStyle: { type: 'dashed', width: 2 },
            },
          ]
        : []),
    ],
  };
}

function bandAbout({ results }: Variant, figure: Figure): Band | undefined {
  const { mean, half } = estimate(figuresOf(results, figure));
  if (!Number.isFinite(mean)) return undefined;
  const reach = Number.isFinite(half) ? half : 0;
  // A time or a share below zero is the interval's, not the figure's.
  return { mean, low: Math.max(0, mean - reach), high: mean + reach };
}

interface Group {
  readonly title: string;
  readonly note: string;
  readonly paths: readonly string[];
  readonly withBound?: boolean;
}

const GROUPS: readonly Group[] = [
  {
    title: 'Diffusion',
    note: 'From the source to a viewer, whole, in τ, beside the reference that knows everything; dashed: 1/u_s + log2(N)/ρ. Bands are 95 % intervals.',
    paths: ['diffusionTau.p50', 'diffusionTau.p95', 'diffusionTau.p99', 'plainTau.p99'],
    withBound: true,
  },
  { title: 'Lost', note: 'Pieces that were not there when due.', paths: ['lossShare'] },
  { title: 'Start-up', note: 'From joining to the first picture.', paths: ['startUpMs.p50', 'startUpMs.p95'] },
  {
    title: 'Stalls',
    note: 'How often a picture stood still, and for how many viewers.',
    paths: ['stalls', 'stalledPeers'],
  },
  { title: "The source's upload", note: '× the bitrate: flat is good.', paths: ['source.uploadMultiple'] },
  { title: 'Overhead', note: 'All that is not video, as a share of the video.', paths: ['overheadShare'] },
];
/** From a factor of thirty on values are spread evenly by their logarithm. */
const WIDE = 30;
