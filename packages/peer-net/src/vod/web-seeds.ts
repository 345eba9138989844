/** The web seeds of a torrent (BEP 19): servers that have its files, as neighbours that the core asks for runs of pieces. */
import type { VodInput } from '@tstream/peer-core';
import type { VodMetainfo } from '@tstream/tstream-format';
import type { CloseReason } from '@tstream/wire-ext';
import type { ContentLayout } from './content-layout.js';
import { WebSeed } from './web-seed.js';

export interface WebSeedsHooks {
  /** A number for a connection, never used before. */
  readonly takeId: () => number;
  readonly handle: (input: VodInput) => void;
  /** One line; unless it is over, the server is asked again later. */
  readonly onTrouble: (url: string, reason: string, isOver: boolean) => void;
}

export class WebSeeds {
  readonly #places: Place[];
  readonly #hooks: WebSeedsHooks;
  readonly #metainfo: VodMetainfo;
  readonly #layout: ContentLayout;
  #isPaused = false;

  constructor(metainfo: VodMetainfo, layout: ContentLayout, hooks: WebSeedsHooks) {
    this.#metainfo = metainfo;
    this.#layout = layout;
    this.#hooks = hooks;
    this.#places = metainfo.webSeeds.slice(0, SEEDS_MAX).map((url) => ({ url, seed: undefined, returnsMs: 0 }));
  }

  /** Those that are neighbours now. */
  all(): WebSeed[] {
    return this.#places.flatMap(({ seed }) => seed ?? []);
  }

  /** Lets in those whose time has come. */
  tick(nowMs: number): void {
    for (const place of this.#places) {
      if (place.seed || nowMs < place.returnsMs) continue;
      const { takeId, handle, onTrouble } = this.#hooks;
      const seed: WebSeed = new WebSeed(takeId(), place.url, this.#metainfo, this.#layout, {
        onBlock: (index, begin, block) =>
          handle({ type: 'message', connection: seed.id, message: { type: 'piece', index, begin, block } }),
        onFailed: (index, reason) => {
          onTrouble(place.url, reason, false);
          handle({ type: 'fetchFailed', connection: seed.id, index });
        },
      });
      place.seed = seed;
      if (this.#isPaused) seed.pause();
      handle({ type: 'webSeed', connection: seed.id });
    }
  }

  fetch(id: number, index: number, pieces: number): void {
    this.#find(id)?.seed?.fetch(index, pieces);
  }

  cancel(id: number): void {
    this.#find(id)?.seed?.cancel();
  }

  /** The core has no use for it: what fails comes back after a while, what sends other bytes than the torrent's doesn't. */
  dismiss(id: number, reason: CloseReason, nowMs: number): void {
    const place = this.#find(id);
    if (!place?.seed) return;
    place.seed.close();
    place.seed = undefined;
    const isOver = reason === 'bad-block';
    place.returnsMs = isOver ? Number.POSITIVE_INFINITY : nowMs + REST_MS;
    if (isOver) this.#hooks.onTrouble(place.url, 'it sends other bytes than the torrent’s', true);
    this.#hooks.handle({ type: 'left', connection: id });
  }

  /** Stops reading, or reads on. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const seed of this.all()) {
      if (isPaused) seed.pause();
      else seed.resume();
    }
  }

  close(): void {
    for (const seed of this.all()) seed.close();
  }

  #find(id: number): Place | undefined {
    return this.#places.find(({ seed }) => seed?.id === id);
  }
}

interface Place {
  readonly url: string;
  seed: WebSeed | undefined;
  /** When it may be a neighbour again. */
  returnsMs: number;
}

/** Guesses. */
const SEEDS_MAX = 8;
const REST_MS = 600_000;
