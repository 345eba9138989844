import { byId, setAttributes } from '../dom.js';
import { type IconName, icon } from '../icons.js';
import type { StreamPlayer } from './player.js';

const IDLE_MS = 2500;
/** The page counts as being at the edge below this much of its own delay. */
const AT_EDGE_MS = 4000;

/** Buttons over the picture and their keys: space, M, F. */
export class Controls {
  readonly #stage = byId('stage', HTMLElement);
  readonly #play = byId('play', HTMLButtonElement);
  readonly #mute = byId('mute', HTMLButtonElement);
  readonly #volume = byId('volume', HTMLInputElement);
  readonly #edge = byId('to-edge', HTMLButtonElement);
  readonly #full = byId('fullscreen', HTMLButtonElement);
  readonly #soundRefused = byId('sound-refused', HTMLButtonElement);
  readonly #video: HTMLVideoElement;
  readonly #player: StreamPlayer;
  #hide: number | undefined;

  constructor(video: HTMLVideoElement, player: StreamPlayer) {
    this.#video = video;
    this.#player = player;
    this.#play.addEventListener('click', () => this.#toggle());
    this.#mute.addEventListener('click', () => this.#toggleSound());
    this.#edge.addEventListener('click', () => player.play());
    this.#full.addEventListener('click', () => void this.#toggleFullscreen());
    this.#soundRefused.addEventListener('click', () => this.#toggleSound());
    this.#volume.addEventListener('input', () => {
      video.volume = this.#volume.valueAsNumber;
      video.muted = video.volume === 0;
    });
    video.addEventListener('click', () => this.#toggle());
    video.addEventListener('dblclick', () => void this.#toggleFullscreen());
    for (const change of ['play', 'pause', 'volumechange']) video.addEventListener(change, () => this.draw());
    document.addEventListener('fullscreenchange', () => this.draw());
    document.addEventListener('keydown', (event) => this.#key(event));
    this.#stage.addEventListener('pointermove', () => this.#wake());
    this.#stage.addEventListener('focusin', () => this.#wake());
    this.draw();
  }

  /** Offers to turn on the sound that the browser refused at the start. */
  offerSound(): void {
    this.#soundRefused.hidden = false;
  }

  draw(): void {
    const { muted, volume } = this.#video;
    face(this.#play, this.#player.paused ? 'play' : 'pause', this.#player.paused ? 'Play (space)' : 'Pause (space)');
    face(this.#mute, muted ? 'silence' : 'sound', muted ? 'Turn the sound on (M)' : 'Turn the sound off (M)');
    const full = document.fullscreenElement !== null;
    face(this.#full, full ? 'shrink' : 'enlarge', full ? 'Leave full screen (F)' : 'Full screen (F)');
    this.#volume.valueAsNumber = muted ? 0 : volume;
    if (!muted) this.#soundRefused.hidden = true;
    const atEdge = !this.#player.paused && this.#player.behindMs < AT_EDGE_MS;
    this.#edge.classList.toggle('at-edge', atEdge);
    this.#edge.title = atEdge ? 'You see the newest picture' : 'Go to the newest picture';
    this.#stage.classList.toggle('paused', this.#player.paused);
  }

  #toggle(): void {
    this.#player.toggle();
    this.draw();
    this.#wake();
  }

  #toggleSound(): void {
    this.#video.muted = !this.#video.muted;
    if (!this.#video.muted && this.#video.volume === 0) this.#video.volume = 1;
    this.#wake();
  }

  async #toggleFullscreen(): Promise<void> {
    try {
      if (document.fullscreenElement === null) await this.#stage.requestFullscreen();
      else await document.exitFullscreen();
    } catch {
      // The browser or the page around this one forbids it; nothing is lost.
      this.#full.disabled = true;
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const onControl = event.target instanceof Element && event.target.closest('button, input, summary, a') !== null;
    const key = event.key.toLowerCase();
    if (key === ' ' && onControl) return;
    if (key === ' ') this.#toggle();
    else if (key === 'm') this.#toggleSound();
    else if (key === 'f') void this.#toggleFullscreen();
    else return;
    event.preventDefault();
  }

  #wake(): void {
    this.#stage.classList.add('awake');
    clearTimeout(this.#hide);
    this.#hide = window.setTimeout(() => this.#stage.classList.remove('awake'), IDLE_MS);
  }
}

function face(button: HTMLButtonElement, name: IconName, label: string): void {
  if (button.dataset['icon'] === name) return;
  button.dataset['icon'] = name;
  button.replaceChildren(icon(name));
  setAttributes(button, { 'aria-label': label, title: label });
}
