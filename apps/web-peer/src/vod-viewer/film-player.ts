import type { FilmPhase } from './film-message.js';

interface PlayerEvents {
  /** Something that `phase` tells of may have changed. */
  changed(): void;
}

/** How long to wait before a film whose connection broke is asked for again. */
const RETRY_MS = 1500;

/** The film, as the browser reads and plays it: which ranges of bytes it asks for is its own affair. */
export class FilmPlayer {
  readonly #video: HTMLVideoElement;
  readonly #events: PlayerEvents;
  #url = '';
  /** The person, or the forecast, let it begin. */
  #begun = false;
  #broken = false;
  #unplayable = false;

  constructor(video: HTMLVideoElement, events: PlayerEvents) {
    this.#video = video;
    this.#events = events;
    for (const change of CHANGES) video.addEventListener(change, () => events.changed());
    video.addEventListener('play', () => {
      this.#begun = true;
    });
    video.addEventListener('error', () => this.#failed());
  }

  get url(): string {
    return this.#url;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get hasPicture(): boolean {
    return this.#begun && this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  get phase(): FilmPhase {
    const { seeking, ended, paused, readyState } = this.#video;
    if (this.#unplayable) return 'unplayable';
    if (this.#broken) return 'broken';
    if (!this.#begun) return 'before';
    if (ended) return 'ended';
    const shows =
      readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || (paused && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
    if (seeking && !shows) return 'seeking';
    return shows ? 'showing' : 'waiting';
  }

  /** Goes over to a file; the browser begins to read it, and plays when it may. */
  load(url: string): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#begun = false;
    this.#unplayable = false;
    this.#broken = false;
    this.#video.src = url;
    this.#events.changed();
  }

  play(): void {
    this.#begun = true;
    // A browser that refuses sound without a click plays when its own button is pressed.
    this.#video.play().catch(() => {
      this.#begun = this.#video.readyState > 0;
    });
    this.#events.changed();
  }

  #failed(): void {
    const { error, currentTime } = this.#video;
    if (error?.code === MediaError.MEDIA_ERR_NETWORK) {
      this.#broken = true;
      setTimeout(() => this.#again(currentTime), RETRY_MS);
    } else this.#unplayable = true;
    this.#events.changed();
  }

  #again(atS: number): void {
    this.#broken = false;
    this.#video.src = this.#url;
    this.#video.currentTime = atS;
    if (this.#begun) this.play();
  }
}

const CHANGES = [
  'loadedmetadata',
  'loadeddata',
  'canplay',
  'playing',
  'pause',
  'waiting',
  'seeking',
  'seeked',
  'ended',
  'emptied',
];
