/** Charts over virtual time: losses, stalls, who is there, what the source sends, what control costs. */
import type { RunResult } from '@tstream/swarm-sim';
import { unitOf } from '../figures.js';
import type { Variant } from '../study.js';
import { formatFigure } from '../words.js';
import { axis, type Chart, type Option, tooltip } from './charts.js';
import type { Palette } from './palette.js';

type Series = Exclude<keyof RunResult['series'], 'atSeconds'>;

export function timeCharts({ results, scenario }: Variant): Chart[] {
  const from = scenario.measureFromSeconds;
  const band = results.length > 1 ? ' The band spans all seeds.' : '';
  return [
    overTime(results, {
      title: 'Losses over time',
      note: `Pieces that were due and not there. What was made before ${from} s is not counted in the figures.${band}`,
      lines: [{ key: 'lossShare', name: 'lost', colour: ({ bad }) => bad }],
    }),
    overTime(results, {
      title: 'Viewers over time',
      note: `Who is there, and whose picture stands still.${band}`,
      lines: [
        { key: 'online', name: 'online', colour: ({ classes }) => classes[0] },
        { key: 'stalledNow', name: 'stalled', colour: ({ bad }) => bad },
      ],
    }),
    overTime(results, {
      title: "The source's share over time",
      note: `What the source sends, × the bitrate: it should not grow with the swarm.${band}`,
      lines: [{ key: 'sourceMultiple', name: 'source', colour: ({ source }) => source }],
    }),
    overTime(results, {
      title: 'Overhead over time',
      note: `All that is not video, as a share of the video.${band}`,
      lines: [{ key: 'overheadShare', name: 'overhead', colour: ({ classes }) => classes[2] }],
    }),
  ];
}

interface Line {
  readonly key: Series;
  readonly name: string;
  readonly colour: (palette: Palette) => string | undefined;
}

function overTime(
  results: readonly RunResult[],
  { title, note, lines }: { readonly title: string; readonly note: string; readonly lines: readonly Line[] },
): Chart {
  const atSeconds = results.map(({ series }) => series.atSeconds).reduce((a, b) => (b.length > a.length ? b : a));
  const format = (value: number) => formatFigure(value, unitOf(lines[0]?.key ?? ''));
  return {
    title,
    note,
    option: (palette) => ({
      xAxis: axis(palette, {
        type: 'value',
        max: atSeconds.at(-1),
        axisLabel: { color: palette.soft, formatter: '{value} s' },
      }),
      yAxis: axis(palette, { type: 'value', min: 0, axisLabel: { color: palette.soft, formatter: format } }),
      legend: { show: lines.length > 1, bottom: 0, textStyle: { color: palette.soft } },
      tooltip: tooltip(palette, format),
      series: lines.flatMap(({ key, name, colour }) =>
        bandOf(
          name,
          colour(palette) ?? palette.text,
          atSeconds,
          atSeconds.map((_, i) => across(results, key, i)),
        ),
      ),
    }),
  };
}

/** A value over all seeds at one time. */
export interface Band {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function across(results: readonly RunResult[], key: Series, index: number): Band | undefined {
  const values = results.map(({ series }) => series[key][index]).filter((value) => Number.isFinite(value)) as number[];
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, low: Math.min(...values), high: Math.max(...values) };
}

/** A line with a band about it: three series, of which the legend and the tooltip name one. */
export function bandOf(
  name: string,
  colour: string,
  xs: readonly (number | string)[],
  bands: readonly (Band | undefined)[],
): Option[] {
  const points = (value: (band: Band) => number) =>
    bands.map((band, i) => [xs[i], band === undefined ? null : value(band)]);
  const edge = {
    type: 'line',
    stack: name,
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  };
  const hasBand = bands.some((band) => band !== undefined && band.high > band.low);
  const width = { ...edge, areaStyle: { color: colour, opacity: 0.18 }, data: points(({ low, high }) => high - low) };
  return [
    ...(hasBand ? [{ ...edge, data: points(({ low }) => low) }, width] : []),
    {
      name,
      type: 'line',
      showSymbol: xs.length < 20,
      symbolSize: 7,
      lineStyle: { width: 2 },
      itemStyle: { color: colour },
      data: points(({ mean }) => mean),
    },
  ];
}
