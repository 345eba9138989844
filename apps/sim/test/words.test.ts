import { expect, test } from 'vitest';
import type { Unit } from '../src/figures.js';
import { formatEstimate, formatFigure } from '../src/words.js';

test.each<[number, Unit, string]>([
  [0, 'ms', '0 ms'],
  [999, 'ms', '999 ms'],
  [1240, 'ms', '1.24 s'],
  [-1500, 'ms', '-1.50 s'],
  [12.34, 'tau', '12.3 τ'],
  [1, 'share', '100 %'],
  [0, 'share', '0 %'],
  [0.5, 'share', '50.0 %'],
  [0.028, 'share', '2.80 %'],
  [0.999, 'share', '99.90 %'],
  [0.99999, 'share', '99.9990 %'],
  [0.000001, 'share', '0.0001 %'],
  [3.94, 'multiple', '3.94 ×'],
  [7, 'count', '7'],
  [2.5, 'count', '2.5'],
  [1234567, 'count', '1 234 567'],
  [Number.NaN, 'ms', '–'],
])('%d as %s is %s', (value, unit, text) => {
  expect(formatFigure(value, unit)).toBe(text);
});

const about = (mean: number, half: number) => ({ mean, half, min: mean, max: mean });

test('an interval stands in the unit of its mean, and is left out where it says nothing', () => {
  expect(formatEstimate(about(1240, 30), 'ms')).toBe('1.24 s ± 0.03');
  expect(formatEstimate(about(240, 30), 'ms')).toBe('240 ms ± 30');
  expect(formatEstimate(about(240, 2600), 'ms')).toBe('0.24 s ± 2.60');
  expect(formatEstimate(about(6, 0.25), 'tau')).toBe('6.0 τ ± 0.3');
  expect(formatEstimate(about(0.5, 0.011), 'share')).toBe('50.0 % ± 1.10');
  expect(formatEstimate(about(6, Infinity), 'tau')).toBe('6.0 τ');
  expect(formatEstimate(about(6, 0), 'tau')).toBe('6.0 τ');
});
