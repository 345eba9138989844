/** Places charts on the page, and draws them again when the page's size or its ground changes. */
import { BarChart, CustomChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { element } from './elements.js';
import { currentPalette, type Palette } from './palette.js';

use([BarChart, CustomChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, SVGRenderer]);
use([AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent]);
use([VisualMapContinuousComponent]);

/** Plain data and functions, as ECharts takes them. */
export type Option = Record<string, unknown>;

export interface Chart {
  /** What is seen: a sentence's worth. */
  readonly title: string;
  /** How to read it, and what is good. */
  readonly note: string;
  readonly wide?: boolean;
  readonly heightPx?: number;
  /** What a slider goes through, by name; the first drawn is the middle one. */
  readonly steps?: readonly string[];
  /** @param step - Index of the step that is drawn; 0 without any. */
  readonly option: (palette: Palette, step: number) => Option;
}

const redraws = new Set<() => void>();

/** Puts charts side by side under an element that is in the page. */
export function placeCharts(under: HTMLElement, charts: readonly Chart[]): void {
  const grid = element('div', 'charts');
  under.append(grid);
  for (const chart of charts) place(grid, chart);
}

/** To be called when the ground has changed. */
export function redrawCharts(): void {
  for (const redraw of redraws) redraw();
}

function place(grid: HTMLElement, { title, note, wide, heightPx, steps = [], option }: Chart): void {
  const drawing = element('div', 'drawing');
  if (heightPx !== undefined) drawing.style.height = `${heightPx}px`;
  const panel = element(
    'section',
    wide ? 'chart wide' : 'chart',
    element('h3', '', title),
    element('p', '', note),
    drawing,
  );
  grid.append(panel);
  const drawn = init(drawing, null, { renderer: 'svg' });
  let step = Math.floor(steps.length / 2);
  const draw = () => {
    const palette = currentPalette();
    drawn.setOption({ ...common(palette), ...option(palette, step) }, true);
  };
  draw();
  if (steps.length > 1) {
    const chosen = slider(title, steps, step, (to) => {
      step = to;
      draw();
    });
    panel.insertBefore(chosen, drawing);
  }
  redraws.add(draw);
  new ResizeObserver(() => {
    if (drawing.isConnected) return drawn.resize();
    redraws.delete(draw);
    drawn.dispose();
  }).observe(drawing);
}

/** Goes from one step to the next, and says which is shown. */
function slider(title: string, steps: readonly string[], first: number, onStep: (step: number) => void): HTMLElement {
  const input = element('input', '');
  Object.assign(input, { type: 'range', min: '0', max: String(steps.length - 1), value: String(first) });
  input.setAttribute('aria-label', title);
  const shown = element('output', 'soft', steps[first] ?? '');
  input.addEventListener('input', () => {
    shown.textContent = steps[input.valueAsNumber] ?? '';
    input.setAttribute('aria-valuetext', shown.textContent);
    onStep(input.valueAsNumber);
  });
  return element('div', 'slider', input, shown);
}

function common(palette: Palette): Option {
  const { text, soft } = palette;
  return {
    aria: { enabled: true },
    animationDuration: 300,
    textStyle: { color: text, fontFamily: FONT },
    legend: { bottom: 0, type: 'plain', itemWidth: 14, itemHeight: 9, textStyle: { color: soft } },
    tooltip: tooltip(palette),
    grid: GRID,
  };
}

/** What is told where the pointer is. */
export function tooltip({ ground, line, text }: Palette, format?: (value: number) => string): Option {
  return {
    trigger: 'axis',
    confine: true,
    backgroundColor: ground,
    borderColor: line,
    textStyle: { color: text },
    ...(format && { valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–') }),
  };
}

/** An axis of categories or values, in the page's colours. */
export function axis(palette: Palette, more: Option): Option {
  return {
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.soft },
    splitLine: { lineStyle: { color: palette.line } },
    nameTextStyle: { color: palette.soft },
    ...more,
  };
}

/** A dashed line across a chart at what no policy can beat. */
export function limitLine(palette: Palette, at: number, name: string): Option {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: palette.limit, type: 'dashed', width: 2 },
    label: { color: palette.limit, formatter: name, position: 'end' },
    data: [{ yAxis: at }],
  };
}

/** Margins about a drawing; its axes' labels are within. */
export const GRID: Option = {
  left: 8,
  right: 24,
  top: 28,
  bottom: 40,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
};
/** Named in full: the width of texts is measured by it. */
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
