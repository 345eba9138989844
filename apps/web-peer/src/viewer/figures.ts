import { byId, setText } from '../dom.js';
import { formatBytes, formatCount, formatMultiple, formatRate, formatSeconds, formatShare } from '../format.js';
import type { ViewerStats } from './viewer-stats.js';

/** The figures in words. */
export class Figures {
  readonly #sentence = byId('sentence', HTMLElement);
  readonly #bar = byId('split-peers', HTMLElement);

  update(stats: ViewerStats, browserBehindMs: number): void {
    setText(this.#sentence, stats.stateText);
    const bytes = stats.bytesFromPeers + stats.bytesFromSource;
    this.#bar.style.width = `${bytes > 0 ? (stats.bytesFromPeers / bytes) * 100 : 0}%`;
    this.#bar.parentElement?.classList.toggle('empty', bytes === 0);
    figure('share', formatShare(stats.bytesFromPeers, bytes), shareWords(bytes));
    figure('upload', formatRate(stats.upBitsPerSecond), uploadWords(stats, bytes));
    const playing = stats.playRun > 0;
    figure('latency', playing ? formatSeconds(stats.latencyMs) : '–', latencyWords(browserBehindMs));
    figure('stalls', stats.stalls === 0 ? 'none' : String(stats.stalls), stallWords(stats));
  }
}

function figure(name: string, value: string, words: string): void {
  setText(byId(`${name}-value`, HTMLElement), value);
  setText(byId(`${name}-words`, HTMLElement), words);
}

function shareWords(bytes: number): string {
  return bytes === 0 ? 'nothing has come yet' : `of ${formatBytes(bytes)} came from other viewers`;
}

function uploadWords(stats: ViewerStats, bytes: number): string {
  if (stats.upBytes === 0 || bytes === 0) return 'passed on to other viewers';
  const multiple = formatMultiple(stats.upBytes / bytes);
  return `passed on; ${formatBytes(stats.upBytes)} so far, ${multiple} what you took`;
}

function latencyWords(browserBehindMs: number): string {
  if (browserBehindMs < 50) return 'behind the broadcaster';
  return `behind the broadcaster, + ${formatSeconds(browserBehindMs)} in this browser`;
}

function stallWords(stats: ViewerStats): string {
  const words =
    stats.stalls === 0
      ? 'stalls'
      : `${stats.stalls === 1 ? 'stall' : 'stalls'}, ${formatSeconds(stats.stallMs)} in all`;
  return stats.piecesRejected > 0 ? `${words}; ${formatCount(stats.piecesRejected, 'bad piece')} refused` : words;
}
