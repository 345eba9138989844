import { byId, setText } from '../dom.js';
import { formatShare } from '../format.js';
import { filmStrip, type StretchTone } from './film-strip-layout.js';
import type { FilmFile, VodStats } from './vod-stats.js';

/** The whole film as a strip: what is in, what is asked for, where it plays. A click goes there. */
export class FilmStrip {
  readonly #box = byId('pieces', HTMLElement);
  readonly #canvas = byId('pieces-cells', HTMLCanvasElement);
  readonly #head = byId('pieces-head', HTMLElement);
  readonly #words = byId('pieces-words', HTMLElement);
  readonly #video: HTMLVideoElement;
  #pieces = '';

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    new ResizeObserver(() => this.#draw()).observe(this.#box);
    this.#box.addEventListener('click', (event) => this.#seek(event.offsetX / this.#box.clientWidth));
    for (const change of ['timeupdate', 'seeking', 'durationchange']) {
      video.addEventListener(change, () => this.#drawHead());
    }
  }

  update({ pieces }: VodStats, file: FilmFile | undefined): void {
    this.#pieces = pieces;
    this.#draw();
    setText(this.#words, file === undefined ? '' : `${formatShare(file.heldBytes, file.lengthBytes)} is in`);
  }

  #seek(share: number): void {
    const { duration } = this.#video;
    if (Number.isFinite(duration)) this.#video.currentTime = share * duration;
  }

  #draw(): void {
    const scale = Math.max(1, window.devicePixelRatio);
    const { clientWidth, clientHeight } = this.#box;
    this.#canvas.width = Math.round(clientWidth * scale);
    this.#canvas.height = Math.round(clientHeight * scale);
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.scale(scale, scale);
    const style = getComputedStyle(this.#canvas);
    for (const { tone, fromPx, toPx } of filmStrip(this.#pieces, clientWidth)) {
      const heightPx = clientHeight * HEIGHT_SHARE[tone];
      context.fillStyle = style.getPropertyValue(`--piece-${tone}`);
      context.fillRect(fromPx, clientHeight - heightPx, toPx - fromPx, heightPx);
    }
    this.#drawHead();
  }

  /** Where the film is in time is about where it is in bytes. */
  #drawHead(): void {
    const { currentTime, duration } = this.#video;
    this.#head.hidden = !(duration > 0 && Number.isFinite(duration));
    if (!this.#head.hidden) this.#head.style.left = `${(currentTime / duration) * 100}%`;
  }
}

/** Not by colour alone: what is not held is also lower. */
const HEIGHT_SHARE: Readonly<Record<StretchTone, number>> = { held: 1, part: 0.7, arriving: 0.5, awaited: 0.14 };
