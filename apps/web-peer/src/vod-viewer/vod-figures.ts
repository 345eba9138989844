import { byId, setText } from '../dom.js';
import { formatBytes, formatCount, formatDuration, formatMultiple, formatRate, formatShare } from '../format.js';
import { forecastWords } from './film-message.js';
import type { VodStats } from './vod-stats.js';

/** The figures in words. */
export class VodFigures {
  readonly #sentence = byId('sentence', HTMLElement);
  readonly #bar = byId('split-held', HTMLElement);

  update(stats: VodStats): void {
    const { bytesHeld, bytesWanted, downBitsPerSecond, upBitsPerSecond, downBytes, upBytes } = stats;
    const isWhole = bytesWanted > 0 && bytesHeld >= bytesWanted;
    setText(this.#sentence, isWhole ? 'All of it is here.' : sentence(stats));
    this.#bar.style.width = `${bytesWanted > 0 ? Math.min(1, bytesHeld / bytesWanted) * 100 : 0}%`;
    this.#bar.parentElement?.classList.toggle('empty', bytesWanted === 0);
    figure('held', formatShare(bytesHeld, bytesWanted), `of ${formatBytes(bytesWanted)} is here`);
    const restMs = ((bytesWanted - bytesHeld) * 8000) / downBitsPerSecond;
    const rest = !isWhole && downBitsPerSecond > 0 ? `, ${formatDuration(restMs)} to go` : '';
    figure('down', formatRate(downBitsPerSecond), `coming in${rest}`);
    figure('peers', String(stats.neighbours.length), stats.neighbours.length === 1 ? 'peer' : 'peers');
    const multiple =
      upBytes * 20 > downBytes && downBytes > 0 ? `, ${formatMultiple(upBytes / downBytes)} what you took` : '';
    figure('upload', formatRate(upBitsPerSecond), `passed on; ${formatBytes(upBytes)} so far${multiple}`);
  }
}

function sentence({ forecast, neighbours }: VodStats): string {
  if (neighbours.length === 0) return 'Looking for somebody who has it.';
  if (forecast.kind === 'starts') return 'Comes in fast enough to play to the end without a stop.';
  return forecastWords(forecast) || `Comes in from ${formatCount(neighbours.length, 'peer')}.`;
}

function figure(name: string, value: string, words: string): void {
  setText(byId(`${name}-value`, HTMLElement), value);
  setText(byId(`${name}-words`, HTMLElement), words);
}
