/** The report: reads the study that stands in the page, and draws it. */
import './report.css';
import { classNamesOf } from '../figures.js';
import type { Study, Variant } from '../study.js';
import { formatEstimate, formatFigure } from '../words.js';
import { placeCharts, redrawCharts } from './charts.js';
import { compareChart, comparedRows } from './compare-chart.js';
import { element, table } from './elements.js';
import { feedingCharts } from './feeding-charts.js';
import { flowCharts } from './flow-charts.js';
import { isDark } from './palette.js';
import { quantileCharts } from './quantile-charts.js';
import { bounds, cards, figuresTable, heading } from './summary.js';
import { sweepCharts } from './sweep-charts.js';
import { timeCharts } from './time-charts.js';

const report = document.getElementById('report');
const study = JSON.parse(document.getElementById('study')?.textContent ?? 'null') as Study | null;
if (report && study) draw(report, study);

function draw(report: HTMLElement, study: Study): void {
  report.append(element('div', 'top', heading(study), groundButton()));
  const [first] = study.variants;
  if (first === undefined) return;
  if (study.kind === 'sweep') {
    report.append(element('h2', '', `Over ${study.over}`));
    placeCharts(report, sweepCharts(study));
  }
  if (study.kind === 'compare' && study.variants.length === 2) {
    report.append(element('h2', '', 'The difference'));
    placeCharts(report, [compareChart(study)]);
    report.append(comparisonTable(study));
  }
  const detail = element('section', '');
  if (study.variants.length > 1) report.append(variantChoice(study.variants, detail));
  report.append(detail);
  drawVariant(detail, first);
}

function drawVariant(detail: HTMLElement, variant: Variant): void {
  detail.replaceChildren(bounds(variant), cards(variant), element('h2', '', 'Viewers'));
  placeCharts(detail, quantileCharts(variant));
  detail.append(element('h2', '', 'Over time'));
  placeCharts(detail, timeCharts(variant));
  detail.append(element('h2', '', 'Who fed whom'));
  placeCharts(detail, feedingCharts(variant));
  detail.append(element('h2', '', 'On the wire'));
  placeCharts(detail, flowCharts(variant));
  detail.append(element('h2', '', 'All figures'), figuresTable(variant, classNamesOf(variant.results)));
}

/** Which of several variants is shown in detail. */
function variantChoice(variants: readonly Variant[], detail: HTMLElement): HTMLElement {
  const choice = element('select', '', ...variants.map(({ label }) => element('option', '', label)));
  choice.setAttribute('aria-label', 'variant');
  choice.addEventListener('change', () => {
    const variant = variants[choice.selectedIndex];
    if (variant) drawVariant(detail, variant);
  });
  return element('h2', '', 'In detail: ', choice);
}

function comparisonTable(study: Study): HTMLElement {
  const [a, b] = study.variants;
  const rows = comparedRows(study).map(({ figure, difference, word }) => [
    figure.label,
    formatFigure(difference.a.mean, figure.unit),
    formatFigure(difference.b.mean, figure.unit),
    formatEstimate(difference.difference, figure.unit),
    word,
  ]);
  return table([['honest viewers', `A: ${a?.label}`, `B: ${b?.label}`, 'B − A', ''], ...rows]);
}

function groundButton(): HTMLElement {
  const button = element('button', '', 'Light or dark');
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    redrawCharts();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawCharts);
  return button;
}
