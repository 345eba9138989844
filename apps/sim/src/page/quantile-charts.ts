/** Charts of how a figure is spread over viewers: diffusion, start-up, lag, upload. */
import { figuresOf, HONEST, kindOf, unitOf } from '../figures.js';
import { limitsOf, meanRate } from '../limits.js';
import { estimate } from '../statistics.js';
import type { Variant } from '../study.js';
import { formatFigure } from '../words.js';
import { axis, type Chart, GRID, limitLine, type Option, tooltip } from './charts.js';
import { classesToShow } from './classes.js';
import { colourOf, type Palette } from './palette.js';

export function quantileCharts(variant: Variant): Chart[] {
  const startUp: Chart = {
    title: 'Start-up: from joining to the first picture',
    note: 'Half of the viewers wait no longer than p50, all but one in a hundred no longer than p99.',
    option: (palette) => quantileOption(palette, variant, 'startUpMs', undefined),
  };
  if (kindOf(variant.scenario) === 'on demand') return [startUp, fairness(variant)];
  const [diffusion, lag] = liveCharts(variant);
  return [diffusion, startUp, lag, fairness(variant)];
}

function liveCharts(variant: Variant): readonly [Chart, Chart] {
  const { viewers, rho, sourceMultiple, diffusionTau } = limitsOf(variant.scenario);
  const bound = diffusionTau === undefined ? '' : ` The line is 1/u_s + log2(N)/ρ = ${diffusionTau.toFixed(1)} τ.`;
  const swarm = `N = ${viewers}, ρ = ${rho.toFixed(2)}, u_s = ${sourceMultiple}.`;
  return [
    {
      title: 'Diffusion: from the source to a viewer, whole',
      note: `How many pieces' time (τ) a piece takes; ${swarm}${bound} Diamonds: what senders that know everything reach for honest viewers, without a protocol.`,
      option: (palette) =>
        withReferences(palette, variant, quantileOption(palette, variant, 'diffusionTau', diffusionTau)),
    },
    {
      title: 'Behind live: what a viewer sees is this old',
      note: "The lag that viewers' readers settled at, or the one that the scenario pins.",
      option: (palette) => quantileOption(palette, variant, 'lagMs', undefined),
    },
  ];
}

function quantileOption(palette: Palette, variant: Variant, path: string, limit: number | undefined): Option {
  const unit = unitOf(path);
  const format = (value: number) => formatFigure(value, unit);
  const classes = classesToShow(variant.results);
  const series = classes.map((name, index) => ({
    name,
    type: 'bar',
    barMaxWidth: 46,
    itemStyle: { color: colourOf(palette, index), borderRadius: [5, 5, 0, 0] },
    label: {
      show: classes.length === 1,
      position: 'top',
      color: palette.soft,
      formatter: ({ value }: Labelled) => format(value),
    },
    data: QUANTILES.map((quantile) => mean(variant, `${path}.${quantile}`, name)),
    ...(index === 0 && limit !== undefined && { markLine: limitLine(palette, limit, `bound ${format(limit)}`) }),
  }));
  return {
    xAxis: axis(palette, { type: 'category', data: QUANTILES }),
    yAxis: axis(palette, { type: 'value', axisLabel: { color: palette.soft, formatter: format } }),
    tooltip: tooltip(palette, format),
    ...(limit !== undefined && { grid: { ...GRID, right: 86 } }),
    series,
  };
}

/** Diamonds across all bars of a quantile. */
function withReferences(palette: Palette, variant: Variant, option: Option): Option {
  const diamonds = (name: string, path: string, color: string) => ({
    name,
    type: 'scatter',
    symbol: 'diamond',
    symbolSize: 13,
    itemStyle: { color, borderColor: palette.ground, borderWidth: 1 },
    data: QUANTILES.map((quantile) => mean(variant, `${path}.${quantile}`, HONEST)),
  });
  const references = [
    diamonds('plain reference', 'plainTau', palette.limit),
    diamonds('by strength', 'byStrengthTau', palette.text),
  ];
  return { ...option, series: [...(option['series'] as Option[]), ...references] };
}

/** What each class forwards, beside what it could. */
function fairness(variant: Variant): Chart {
  const classes = classesToShow(variant.results).filter((name) =>
    variant.scenario.peers.some((peer) => peer.name === name),
  );
  const could = classes.map((name) => meanRate(variant.scenario.peers.find((peer) => peer.name === name)?.upload ?? 0));
  const format = (value: number) => formatFigure(value, 'multiple');
  const bar = (name: string, color: string, data: readonly (number | null)[]) => {
    return { name, type: 'bar', barMaxWidth: 34, itemStyle: { color, borderRadius: [5, 5, 0, 0] }, data };
  };
  const quantile = (path: string) => classes.map((name) => mean(variant, path, name));
  return {
    title: 'Fairness: what viewers forward',
    note: 'Video sent, × the bitrate, beside the upload that the class has. Even shares mean that p50 and p95 are close.',
    option: (palette) => ({
      xAxis: axis(palette, { type: 'category', data: classes }),
      yAxis: axis(palette, { type: 'value', axisLabel: { color: palette.soft, formatter: '{value} ×' } }),
      tooltip: tooltip(palette, format),
      series: [
        bar('p50', colourOf(palette, 0), quantile('uploadMultiple.p50')),
        bar('p95', colourOf(palette, 1), quantile('uploadMultiple.p95')),
        bar('has', palette.line, could),
      ],
    }),
  };
}

function mean({ results }: Variant, path: string, className: string): number | null {
  const { mean } = estimate(figuresOf(results, { path, of: 'class' }, className));
  return Number.isFinite(mean) ? mean : null;
}

type Labelled = { readonly value: number };
const QUANTILES = ['p50', 'p95', 'p99', 'max'];
