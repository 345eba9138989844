/** Who fed whom over time: by class, by distance from the source, and of a small swarm by peer. */
import type { FedBy, RunResult } from '@tstream/swarm-sim';
import type { Variant } from '../study.js';
import { formatFigure } from '../words.js';
import { axis, type Chart, GRID, type Option, tooltip } from './charts.js';
import { colourOf, type Palette } from './palette.js';

export function feedingCharts(variant: Variant): Chart[] {
  const [first] = variant.results;
  if (!first || first.fedBy.atSeconds.length === 0) return [];
  return [...classCharts(variant), hopsChart(variant), ...pairChart(first)];
}

/** What a receiving class got, by the class of the sender. */
function classCharts(variant: Variant): Chart[] {
  const all = variant.results.flatMap(({ fedBy }) => fedBy.classes);
  const receivers = [...new Set(all.map(({ receiver }) => receiver))].slice(0, CLASSES_MAX);
  const senders = [...new Set(all.map(({ sender }) => sender))];
  const classes = variant.scenario.peers.map(({ name }) => name);
  return receivers.map((receiver) => ({
    title: `Who fed ${receiver}, over time`,
    note: `Video that came to ${receiver} each second, by the class of the sender: 10 × is what ten of them need.`,
    option: (palette) => {
      const layers = senders.map((sender) => ({
        name: sender,
        colour: sender === 'source' ? palette.source : colourOf(palette, classes.indexOf(sender)),
        multiples: meanOver(variant, ({ classes }) =>
          classes.filter((pair) => pair.receiver === receiver && pair.sender === sender),
        ),
      }));
      return stackOption(palette, variant, layers);
    },
  }));
}

function hopsChart(variant: Variant): Chart {
  const distances = [...new Set(variant.results.flatMap(({ fedBy }) => fedBy.hops.map(({ hops }) => hops)))];
  distances.sort((a, b) => a - b);
  return {
    title: 'How far from the source, over time',
    note: 'All video that was delivered, by how many transfers it had come over: 1 is from the source itself. Few and wide layers are good.',
    option: (palette) => {
      const layers = distances.map((distance, i) => ({
        name: String(distance),
        colour: distance === 1 ? palette.source : colourOf(palette, i - 1),
        multiples: meanOver(variant, ({ hops }) => hops.filter(({ hops }) => hops === distance)),
      }));
      return stackOption(palette, variant, layers);
    },
  };
}

interface Layer {
  readonly name: string;
  readonly colour: string;
  readonly multiples: readonly number[];
}

function stackOption(palette: Palette, { results }: Variant, layers: readonly Layer[]): Option {
  const atSeconds = longest(results);
  const format = (value: number) => formatFigure(value, 'multiple');
  return {
    xAxis: axis(palette, {
      type: 'value',
      min: atSeconds[0],
      max: atSeconds.at(-1),
      axisLabel: { color: palette.soft, formatter: '{value} s' },
    }),
    yAxis: axis(palette, { type: 'value', min: 0, axisLabel: { color: palette.soft, formatter: '{value} ×' } }),
    legend: { type: 'scroll', bottom: 0, textStyle: { color: palette.soft } },
    tooltip: tooltip(palette, format),
    series: layers.map(({ name, colour, multiples }) => ({
      name,
      type: 'line',
      stack: 'video',
      symbol: 'none',
      lineStyle: { width: 0 },
      areaStyle: { opacity: 0.85 },
      itemStyle: { color: colour },
      data: multiples.map((multiple, i) => [atSeconds[i], multiple]),
    })),
  };
}

/** Video of some series of a run, × the bitrate, as a mean over all seeds. */
function meanOver(
  { results, scenario }: Variant,
  of: (fedBy: FedBy) => readonly { readonly bytes: readonly number[] }[],
): number[] {
  return longest(results).map((at, i, all) => {
    const seconds = at - (all[i - 1] ?? 0);
    const bytes = results.flatMap(({ fedBy }) => of(fedBy)).reduce((sum, { bytes }) => sum + (bytes[i] ?? 0), 0);
    return (bytes * 8) / results.length / seconds / scenario.video.bitsPerSecond;
  });
}

function longest(results: readonly RunResult[]): readonly number[] {
  return results.map(({ fedBy }) => fedBy.atSeconds).reduce((a, b) => (b.length > a.length ? b : a));
}

/** Every pair of peers in one slice of time, and a slider through time. */
function pairChart({ fedBy: { atSeconds, peers }, seed }: RunResult): Chart[] {
  if (!peers) return [];
  // Neighbours in the picture are of one class.
  const numbers = [...peers.classes.keys()].sort((a, b) => rank(peers.classes, a) - rank(peers.classes, b) || a - b);
  const place = new Map(numbers.map((number, i) => [number, i]));
  const nameOf = (i: number) => `${peers.classes[numbers[i] ?? 0]} ${numbers[i]}`;
  const most = peers.pairs.reduce((most, { bytes }) => Math.max(most, ...bytes), 0);
  return [
    {
      title: 'Who fed whom, peer by peer',
      note: `Each dot is the video that one peer (column) sent to another (row) in one slice of time; the source is the first column. Seed ${seed}.`,
      wide: true,
      heightPx: Math.max(360, 9 * numbers.length + 90),
      steps: atSeconds.map((at) => `until ${at} s`),
      option: (palette, step) => ({
        xAxis: pairAxis(
          palette,
          numbers.map((_, i) => nameOf(i)),
          'sender',
        ),
        yAxis: {
          ...pairAxis(
            palette,
            numbers.map((_, i) => nameOf(i)),
            'receiver',
          ),
          inverse: true,
        },
        legend: { show: false },
        grid: { ...GRID, left: 28, top: 8, right: 84, bottom: 28 },
        visualMap: {
          type: 'continuous',
          min: 0,
          max: most,
          right: 0,
          top: 'middle',
          itemHeight: 140,
          text: [kilobytes(most), '0'],
          textStyle: { color: palette.soft },
          inRange: { color: [palette.line, colourOf(palette, 0), palette.source] },
        },
        tooltip: {
          ...tooltip(palette),
          trigger: 'item',
          formatter: ({ value: [sender, receiver, bytes] }: { readonly value: readonly [number, number, number] }) =>
            `${nameOf(sender)} → ${nameOf(receiver)}: ${kilobytes(bytes)}`,
        },
        series: [
          {
            type: 'heatmap',
            animation: false,
            data: peers.pairs
              .filter(({ bytes }) => (bytes[step] ?? 0) > 0)
              .map(({ receiver, sender, bytes }) => [place.get(sender), place.get(receiver), bytes[step]]),
          },
        ],
      }),
    },
  ];
}

function pairAxis(palette: Palette, names: readonly string[], name: string): Option {
  return axis(palette, {
    type: 'category',
    data: names,
    name,
    nameLocation: 'middle',
    nameGap: 12,
    axisLabel: { show: false },
    splitLine: { show: false },
  });
}

/** The source, then classes in the order in which they came. */
function rank(classes: readonly string[], number: number): number {
  return classes.indexOf(classes[number] ?? '');
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

/** Receivers with a chart of their own. */
const CLASSES_MAX = 4;
