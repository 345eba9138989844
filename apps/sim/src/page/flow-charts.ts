/** What went over the wire: control by kind, and who fed whom. */
import type { RunResult } from '@tstream/swarm-sim';
import { packetHeadsShare, wireShares } from '../figures.js';
import type { Variant } from '../study.js';
import { formatFigure } from '../words.js';
import { axis, type Chart, GRID, type Option, tooltip } from './charts.js';
import { colourOf, type Palette } from './palette.js';

export function flowCharts({ results }: Variant): Chart[] {
  const kinds = wireShares(results).filter(({ share }) => share > 0);
  const links = linksOf(results);
  const heads = formatFigure(packetHeadsShare(results), 'share');
  return [
    {
      title: 'Overhead by kind',
      note: `Bytes of each kind of message, as a share of the video that was carried. Apart from it, heads of packets: ${heads}.`,
      heightPx: Math.max(200, 30 * kinds.length + 60),
      option: (palette) => wireOption(palette, kinds.toReversed()),
    },
    {
      title: 'Who fed whom, in all',
      note: 'Video by the class of the sender (left) and of the receiver (right); widths are bytes.',
      heightPx: Math.max(300, 40 * links.length),
      option: (palette) => flowOption(palette, links),
    },
  ];
}

function wireOption(palette: Palette, kinds: readonly { readonly kind: string; readonly share: number }[]): Option {
  const format = (value: number) => formatFigure(value, 'share');
  return {
    xAxis: axis(palette, { type: 'value', axisLabel: { color: palette.soft, formatter: format, hideOverlap: true } }),
    yAxis: axis(palette, { type: 'category', data: kinds.map(({ kind }) => kind), splitLine: { show: false } }),
    legend: { show: false },
    tooltip: tooltip(palette, format),
    grid: { ...GRID, right: 76, top: 8, bottom: 8 },
    series: [
      {
        type: 'bar',
        barMaxWidth: 20,
        itemStyle: { color: colourOf(palette, 2), borderRadius: [0, 5, 5, 0] },
        label: {
          show: true,
          position: 'right',
          color: palette.soft,
          formatter: ({ value }: Labelled) => format(value),
        },
        data: kinds.map(({ share }) => share),
      },
    ],
  };
}

interface Link {
  readonly sender: string;
  readonly receiver: string;
  readonly bytes: number;
}

function linksOf(results: readonly RunResult[]): Link[] {
  const sums = new Map<string, Link>();
  for (const { receiver, sender, bytes } of results.flatMap(({ fedBy }) => fedBy.classes)) {
    const key = JSON.stringify([receiver, sender]);
    const sum = bytes.reduce((sum, each) => sum + each, sums.get(key)?.bytes ?? 0);
    sums.set(key, { sender, receiver, bytes: sum });
  }
  return [...sums.values()].filter(({ bytes }) => bytes > 0);
}

/** A class feeds itself, too: each stands once on either side. */
function flowOption(palette: Palette, links: readonly Link[]): Option {
  const names = [...new Set(links.flatMap(({ sender, receiver }) => [sender, receiver]))];
  const total = links.reduce((sum, { bytes }) => sum + bytes, 0);
  const colour = (name: string) => (name === 'source' ? palette.source : colourOf(palette, names.indexOf(name)));
  const node = (side: string) => (name: string) => {
    const label = { position: side === FROM ? 'right' : 'left', color: palette.text, formatter: () => name };
    return { name: side + name, itemStyle: { color: colour(name) }, label };
  };
  return {
    legend: { show: false },
    tooltip: {
      ...tooltip(palette, (value) => formatFigure(value / total, 'share')),
      trigger: 'item',
      formatter: undefined,
    },
    series: [
      {
        type: 'sankey',
        left: 8,
        right: 8,
        top: 12,
        bottom: 12,
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'gradient', opacity: 0.35 },
        data: [
          ...[...new Set(links.map(({ sender }) => sender))].map(node(FROM)),
          ...[...new Set(links.map(({ receiver }) => receiver))].map(node(TO)),
        ],
        links: links.map(({ sender, receiver, bytes }) => ({
          source: FROM + sender,
          target: TO + receiver,
          value: bytes,
        })),
      },
    ],
  };
}

type Labelled = { readonly value: number };
const FROM = 'from ';
const TO = 'to ';
