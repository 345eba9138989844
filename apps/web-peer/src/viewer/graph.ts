import { byId, setAttributes, setText, svg } from '../dom.js';
import { formatSeconds } from '../format.js';
import { graphLayout, recent, type Sample } from './graph-layout.js';
import type { ViewerStats } from './viewer-stats.js';

const LABELS_PX = 4;

/** Buffer and latency over the last minute; it begins with the page. */
export class Graph {
  readonly #svg = byId('graph', SVGSVGElement);
  readonly #buffer = byId('graph-buffer', HTMLElement);
  readonly #latency = byId('graph-latency', HTMLElement);
  readonly #grid = svg('g', { class: 'grid' });
  readonly #stalls = svg('g', { class: 'stalls' });
  readonly #area = svg('path', { class: 'buffer-area' });
  readonly #bufferLine = svg('path', { class: 'buffer-line' });
  readonly #latencyLine = svg('path', { class: 'latency-line' });
  #samples: readonly Sample[] = [];

  constructor() {
    this.#svg.append(this.#stalls, this.#area, this.#grid, this.#bufferLine, this.#latencyLine);
    new ResizeObserver(() => this.#draw()).observe(this.#svg);
  }

  update(stats: ViewerStats): void {
    const atMs = performance.now();
    const stalled = stats.state === 'stalled';
    if (stats.playRun > 0) {
      const { bufferMs, latencyMs } = stats;
      this.#samples = recent([...this.#samples, { atMs, bufferMs, latencyMs, stalled }], atMs);
      setText(this.#buffer, formatSeconds(bufferMs));
      setText(this.#latency, formatSeconds(latencyMs));
    }
    this.#draw();
  }

  #draw(): void {
    const { width, height } = this.#svg.getBoundingClientRect();
    const layout = graphLayout(this.#samples, performance.now(), width, height);
    setAttributes(this.#svg, { viewBox: `0 0 ${Math.max(1, width)} ${Math.max(1, height)}` });
    setAttributes(this.#area, { d: layout.bufferArea });
    setAttributes(this.#bufferLine, { d: layout.bufferPath });
    setAttributes(this.#latencyLine, { d: layout.latencyPath });
    this.#grid.replaceChildren(
      ...layout.grid.flatMap(({ yPx, label }) => [
        svg('line', { x1: '0', x2: String(width), y1: String(yPx), y2: String(yPx) }),
        svg('text', { x: '0', y: String(yPx - LABELS_PX) }, label),
      ]),
    );
    this.#stalls.replaceChildren(
      ...layout.stalls.map(({ xPx, widthPx }) =>
        svg('rect', { x: String(xPx), width: String(widthPx), y: '0', height: String(height) }),
      ),
    );
  }
}
