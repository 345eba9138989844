// Figures as people read them, in British notation whatever the browser's language. A number and its unit stay on one
// line: the space between them is a no-break space (U+00A0).

const NONE = '–';
const NBSP = '\u00a0';

/**
 * A rate in the unit that keeps it short.
 * @param bitsPerSecond - Rate; a negative or non-finite one counts as zero.
 * @returns For instance `0 kbit/s`, `840 kbit/s`, `2.4 Mbit/s`, `24 Mbit/s`.
 */
export function formatRate(bitsPerSecond: number): string {
  const kilobits = positive(bitsPerSecond) / 1000;
  if (kilobits < 999.5) return `${Math.round(kilobits)}${NBSP}kbit/s`;
  if (kilobits < 999_500) return `${threeDigits(kilobits / 1000)}${NBSP}Mbit/s`;
  return `${threeDigits(kilobits / 1_000_000)}${NBSP}Gbit/s`;
}

/**
 * An amount of bytes in decimal units.
 * @returns For instance `0 kB`, `912 kB`, `3.4 MB`, `1.2 GB`.
 */
export function formatBytes(bytes: number): string {
  const kilobytes = positive(bytes) / 1000;
  if (kilobytes < 999.5) return `${Math.round(kilobytes)}${NBSP}kB`;
  if (kilobytes < 999_500) return `${threeDigits(kilobytes / 1000)}${NBSP}MB`;
  if (kilobytes < 999_500_000) return `${threeDigits(kilobytes / 1_000_000)}${NBSP}GB`;
  return `${threeDigits(kilobytes / 1_000_000_000)}${NBSP}TB`;
}

/**
 * A short time such as a latency, with a tenth of a second as long as that tells something.
 * @returns For instance `0.4 s`, `2.1 s`, `14 s`, `2 min 5 s`.
 */
export function formatSeconds(ms: number): string {
  const seconds = positive(ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  return formatDuration(ms);
}

/**
 * A long time in its two largest units.
 * @returns For instance `5 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`.
 */
export function formatDuration(ms: number): string {
  const seconds = Math.round(positive(ms) / 1000);
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return twoUnits(seconds, 3600, 'h', 60, 'min');
  return twoUnits(seconds, 86_400, 'd', 3600, 'h');
}

/**
 * What share of the whole a part is. Never says 0 % of something or 100 % of not quite all.
 * @returns For instance `87 %`, `< 1 %`, `> 99 %`; a dash while the whole is zero.
 */
export function formatShare(part: number, whole: number): string {
  if (!(whole > 0)) return NONE;
  const percent = Math.min(100, (positive(part) / whole) * 100);
  if (percent > 0 && percent < 1) return `<${NBSP}1${NBSP}%`;
  if (percent > 99 && percent < 100) return `>${NBSP}99${NBSP}%`;
  return `${Math.round(percent)}${NBSP}%`;
}

/**
 * A ratio.
 * @returns For instance `1.4 ×`, `12 ×`; a dash for what is not a number.
 */
export function formatMultiple(ratio: number): string {
  if (!Number.isFinite(ratio) || ratio < 0) return NONE;
  return `${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)}${NBSP}×`;
}

/** A count with its noun: `1 viewer`, `0 viewers`, `12,345 viewers`. */
export function formatCount(count: number, noun: string): string {
  const whole = Math.round(positive(count));
  return `${whole.toLocaleString('en-GB')} ${noun}${whole === 1 ? '' : 's'}`;
}

/**
 * A text from the network as one short line: without control characters, without characters that turn the direction of
 * what follows. It is still to be shown as text, never as markup.
 * @param text - As it came.
 * @param charactersMax - Longer texts are cut and end in an ellipsis.
 */
export function displayText(text: string, charactersMax = 200): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const characters = Array.from(line.slice(0, charactersMax * 2 + 2));
  return characters.length <= charactersMax ? line : `${characters.slice(0, charactersMax - 1).join('')}…`;
}

function positive(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function threeDigits(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

function twoUnits(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  const first = `${Math.floor(seconds / large)}${NBSP}${largeName}`;
  return rest === 0 ? first : `${first} ${rest}${NBSP}${smallName}`;
}
