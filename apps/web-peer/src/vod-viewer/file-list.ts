import { byId, el, setText } from '../dom.js';
import { formatBytes, formatDuration, formatShare } from '../format.js';
import type { FilmFile } from './vod-stats.js';

/** More is no list that anybody reads. */
const ROWS_MAX = 300;

/** The files of a torrent that has several, to choose from. */
export class FileList {
  readonly #panel = byId('files-panel', HTMLElement);
  readonly #list = byId('files', HTMLElement);
  readonly #words = byId('files-words', HTMLElement);
  readonly #choose: (number: number) => void;
  #drawn = '';

  constructor(choose: (number: number) => void) {
    this.#choose = choose;
  }

  update(files: readonly FilmFile[], chosen: number): void {
    this.#panel.hidden = files.length < 2;
    if (this.#panel.hidden) return;
    // Only what changed is drawn anew, or a click between two answers would hit nothing.
    const drawn = JSON.stringify([files, chosen]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#list.replaceChildren(...files.slice(0, ROWS_MAX).map((file) => this.#row(file, file.number === chosen)));
    setText(
      this.#words,
      files.length > ROWS_MAX ? `${files.length - ROWS_MAX} more not shown` : `${files.length} files`,
    );
  }

  #row(file: FilmFile, isChosen: boolean): HTMLLIElement {
    const lasts = file.durationMs > 0 ? `${formatDuration(file.durationMs)} · ` : '';
    const words = `${lasts}${formatBytes(file.lengthBytes)} · ${formatShare(file.heldBytes, file.lengthBytes)}`;
    const about = [el('span', { class: 'name' }, file.path), el('small', {}, words)];
    if (!file.playable) return el('li', {}, el('a', { href: file.url, download: '' }, ...about));
    const button = el('button', { type: 'button', 'data-testid': `file-${file.number}` }, ...about);
    if (isChosen) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => this.#choose(file.number));
    return el('li', {}, button);
  }
}
