import { byId, setText } from '../dom.js';
import { formatCount, formatSeconds } from '../format.js';
import { type StripLayout, stripLayout, type Tone } from './strip-layout.js';
import type { ViewerStats } from './viewer-stats.js';

/** Between two answers of the peer the strip moves by what arrived, a piece at a time. */
const MOVE_MS = 1000;
/** How much of the canvas lies hidden to the left, so that a strip in motion has no end in the picture; as in the style. */
const SPARE_PX = 320;

/** The newest pieces as a strip of cells that drifts to the left under the play position. */
export class PiecesStrip {
  readonly #box = byId('pieces', HTMLElement);
  readonly #canvas = byId('pieces-cells', HTMLCanvasElement);
  readonly #played = byId('pieces-played', HTMLElement);
  readonly #head = byId('pieces-head', HTMLElement);
  readonly #words = byId('pieces-words', HTMLElement);
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)');
  #drawn: { readonly layout: StripLayout; readonly run: number; readonly edgeSeq: number } | undefined;
  #stats: ViewerStats | undefined;

  constructor() {
    new ResizeObserver(() => this.#draw(false)).observe(this.#box);
  }

  update(stats: ViewerStats): void {
    this.#stats = stats;
    this.#draw(true);
    setText(this.#words, words(stats));
  }

  #draw(move: boolean): void {
    const stats = this.#stats;
    if (stats === undefined) return;
    const { pieces } = stats;
    const playSeq = stats.playRun === pieces.run && stats.playRun > 0 ? stats.playSeq : undefined;
    const layout = stripLayout(pieces, playSeq, this.#box.clientWidth, SPARE_PX);
    const edgeSeq = pieces.fromSeq + pieces.states.length;
    paint(this.#canvas, layout, this.#box.clientHeight);
    const before = this.#drawn;
    if (move && before !== undefined && before.run === pieces.run)
      this.#move(before.layout, layout, edgeSeq - before.edgeSeq);
    this.#drawn = { layout, run: pieces.run, edgeSeq };
    this.#head.hidden = layout.playPx === undefined;
    this.#head.style.transform = `translateX(${layout.playPx ?? 0}px)`;
    this.#played.style.width = `${layout.playPx ?? 0}px`;
  }

  #move(before: StripLayout, layout: StripLayout, arrived: number): void {
    if (this.#still.matches || document.hidden || before.pitchPx !== layout.pitchPx) return;
    const fromPx = arrived * layout.pitchPx;
    if (fromPx <= 0 || fromPx > SPARE_PX) return;
    const keyframes = [{ transform: `translateX(${fromPx}px)` }, { transform: 'none' }];
    this.#canvas.animate(keyframes, { duration: MOVE_MS, easing: `steps(${arrived})` });
  }
}

function paint(canvas: HTMLCanvasElement, layout: StripLayout, heightPx: number): void {
  const scale = Math.max(1, window.devicePixelRatio);
  canvas.width = Math.round((SPARE_PX + layout.edgePx) * scale);
  canvas.height = Math.round(heightPx * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  context.translate(SPARE_PX, 0);
  const style = getComputedStyle(canvas);
  const gapPx = layout.pitchPx > 3 ? 2 : layout.pitchPx > 1.5 ? 0.5 : 0;
  layout.tones.forEach((tone, i) => {
    const share = HEIGHT_SHARE[tone];
    const cellPx = heightPx * share;
    context.fillStyle = style.getPropertyValue(`--piece-${tone}`);
    context.beginPath();
    context.roundRect(layout.firstPx + i * layout.pitchPx, heightPx - cellPx, layout.pitchPx - gapPx, cellPx, gapPx);
    context.fill();
  });
}

/** Not by colour alone: what is not held is also lower. */
const HEIGHT_SHARE: Readonly<Record<Tone, number>> = { held: 1, arriving: 0.6, awaited: 0.16, lost: 0.3, absent: 0.08 };

function words(stats: ViewerStats): string {
  if (stats.pieces.states.length === 0) return '';
  const ahead = formatSeconds(stats.bufferMs);
  const dropped = stats.piecesDropped > 0 ? `, ${formatCount(stats.piecesDropped, 'piece')} dropped so far` : '';
  return `${ahead} ready to play${dropped}`;
}
