/** Figures as a person reads them. */
import type { Unit } from './figures.js';
import type { Estimate } from './statistics.js';

/** `1.24 s`, `12.3 τ`, `99.98 %`, `3.9 ×`, `12`; a dash where there is no figure. */
export function formatFigure(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  switch (unit) {
    case 'ms':
      return Math.abs(value) < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
    case 'tau':
      return `${value.toFixed(1)} τ`;
    case 'share':
      return formatShare(value);
    case 'multiple':
      return `${value.toFixed(2)} ×`;
    case 'count':
      return formatCount(value);
  }
}

/** `3.2 τ ± 0.1`: the half of the interval is left out where it says nothing, or is too small to be written. */
export function formatEstimate({ mean, half }: Estimate, unit: Unit): string {
  if (!Number.isFinite(mean) || !Number.isFinite(half)) return formatFigure(mean, unit);
  // Both in seconds if one of them is told in seconds.
  const inSeconds = unit === 'ms' && Math.max(Math.abs(mean), half) >= 1000;
  const text = inSeconds ? `${(mean / 1000).toFixed(2)} s` : formatFigure(mean, unit);
  const reach = inSeconds ? (half / 1000).toFixed(2) : formatFigure(half, unit).replace(/\s\D+$/, '');
  return Number(reach) === 0 ? text : `${text} ± ${reach}`;
}

/** Enough digits that a loss of one in a hundred thousand is still seen. */
function formatShare(value: number): string {
  const percent = value * 100;
  const toEnd = Math.min(Math.abs(percent), Math.abs(100 - percent));
  if (toEnd === 0) return `${Math.round(percent)} %`;
  const digits = toEnd >= 9.5 ? 1 : toEnd >= 0.0095 ? 2 : toEnd >= 0.000_095 ? 4 : 6;
  return `${percent.toFixed(digits)} %`;
}

function formatCount(value: number): string {
  const rounded = Math.abs(value) < 100 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.round(value));
  return rounded.replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}
