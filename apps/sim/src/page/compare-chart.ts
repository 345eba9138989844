/** A comparison's differences: one line a figure, with its 95 % interval, in per cent of A. */
import { compareFigure, wordFor } from '../comparison.js';
import { type Figure, headlinesOf } from '../figures.js';
import type { Difference } from '../statistics.js';
import type { Study, Variant } from '../study.js';
import { formatEstimate, formatFigure } from '../words.js';
import { axis, type Chart, GRID, type Option, tooltip } from './charts.js';
import type { Palette } from './palette.js';

/** One compared figure. */
export interface ComparedRow {
  readonly figure: Figure;
  readonly difference: Difference;
  readonly word: string;
}

/** Honest viewers' figures and the swarm's; those that neither side has are left out. */
export function comparedRows({ variants }: Study): ComparedRow[] {
  const [a, b] = variants as readonly [Variant, Variant];
  return headlinesOf(a.scenario)
    .map((figure) => {
      const difference = compareFigure(a, b, figure);
      return { figure, difference, word: wordFor(difference, figure.better) };
    })
    .filter(({ difference }) => Number.isFinite(difference.difference.mean));
}

export function compareChart(study: Study): Chart {
  const rows = comparedRows(study).filter(({ difference }) => difference.a.mean !== 0);
  const [a, b] = study.variants;
  return {
    title: `${b?.label} against ${a?.label}`,
    note: 'B − A in per cent of A, seed by seed, with the 95 % interval: one that holds zero is noise (grey). What goes beyond is drawn at the edge.',
    wide: true,
    heightPx: 34 * rows.length + 60,
    option: (palette) => compareOption(palette, rows.toReversed()),
  };
}

function compareOption(palette: Palette, rows: readonly ComparedRow[]): Option {
  const colour = ({ word }: ComparedRow) =>
    word === 'B is better' ? palette.good : word === 'A is better' ? palette.bad : palette.soft;
  const percents = rows.map(({ difference: { a, difference } }) => {
    const [mean, half] = [difference.mean / Math.abs(a.mean), difference.half / Math.abs(a.mean)].map(
      (share) => share * 100,
    );
    return { mean: mean ?? 0, half: Number.isFinite(half) ? (half ?? 0) : 0 };
  });
  const reach = Math.max(...percents.map(({ mean, half }) => Math.abs(mean) + half), PERCENT_MIN);
  const edge = Math.min(PERCENT_MAX, 10 * Math.ceil(reach / 10));
  const within = (percent: number) => Math.max(-edge, Math.min(edge, percent));
  const styled = (value: unknown[], i: number) => ({ value, itemStyle: { color: colour(rows[i] as ComparedRow) } });
  return {
    xAxis: axis(palette, {
      type: 'value',
      min: -edge,
      max: edge,
      axisLabel: { color: palette.soft, formatter: '{value} %' },
    }),
    yAxis: axis(palette, {
      type: 'category',
      data: rows.map(({ figure }) => figure.label),
      splitLine: { show: false },
    }),
    legend: { show: false },
    tooltip: {
      ...tooltip(palette),
      trigger: 'item',
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => tell(rows[dataIndex] as ComparedRow),
    },
    grid: { ...GRID, top: 8, bottom: 12 },
    series: [
      {
        type: 'custom',
        silent: true,
        renderItem,
        data: percents.map(({ mean, half }, i) => styled([within(mean - half), i, within(mean + half)], i)),
        encode: { x: [0, 2], y: 1 },
      },
      {
        type: 'scatter',
        symbolSize: 11,
        data: percents.map(({ mean }, i) => styled([within(mean), i], i)),
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: palette.text, type: 'solid', width: 1 },
          data: [{ xAxis: 0 }],
        },
      },
    ],
  };
}

function tell({ figure, difference, word }: ComparedRow): string {
  const [a, b] = [difference.a, difference.b].map(({ mean }) => formatFigure(mean, figure.unit));
  return `${figure.label}: ${a} → ${b}, difference ${formatEstimate(difference.difference, figure.unit)}: ${word}`;
}

/** What ECharts hands to a series that draws itself; its own type is not exported. */
interface Api {
  value(dimension: number): number;
  coord(point: readonly number[]): number[];
  visual(name: 'color'): string;
}

function renderItem(_params: unknown, api: Api): Option {
  const [x1 = 0, y = 0] = api.coord([api.value(0), api.value(1)]);
  const [x2 = 0] = api.coord([api.value(2), api.value(1)]);
  return {
    type: 'line',
    shape: { x1, y1: y, x2, y2: y },
    style: { stroke: api.visual('color'), lineWidth: 3, opacity: 0.6 },
  };
}

/** A figure that doubles is as bad as one that grows tenfold, and would hide all others. */
const PERCENT_MAX = 120;
const PERCENT_MIN = 10;
