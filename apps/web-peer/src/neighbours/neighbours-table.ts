import { byId, el } from '../dom.js';
import { formatRate, formatShare } from '../format.js';
import type { Neighbour } from './neighbour.js';
import { namesOf, tellAbout } from './neighbour-words.js';

const ROWS_MAX = 60;

/** All neighbours in a table, filled while it is open: at first where there is room for it. */
export class NeighboursTable {
  readonly #details = byId('neighbours-all', HTMLDetailsElement);
  readonly #body = byId('neighbours-rows', HTMLTableSectionElement);
  #neighbours: readonly Neighbour[] = [];

  constructor() {
    this.#details.open = matchMedia('(min-width: 1020px) and (min-height: 760px)').matches;
    this.#details.addEventListener('toggle', () => this.#draw());
  }

  update(neighbours: readonly Neighbour[]): void {
    this.#neighbours = neighbours;
    this.#draw();
  }

  #draw(): void {
    if (!this.#details.open) return;
    const rows = [...this.#neighbours]
      .sort((a, b) => Number(b.isSource) - Number(a.isSource) || b.ageMs - a.ageMs)
      .slice(0, ROWS_MAX);
    const names = namesOf(this.#neighbours);
    this.#body.replaceChildren(...rows.map((neighbour) => row(neighbour, names.get(neighbour.id) ?? '')));
  }
}

function row(neighbour: Neighbour, name: string): HTMLTableRowElement {
  return el(
    'tr',
    { class: neighbour.isSource ? 'source' : '', title: tellAbout(neighbour) },
    el('td', {}, el('span', { class: 'name' }, name), el('small', {}, neighbour.client)),
    el('td', {}, formatRate(neighbour.downBitsPerSecond)),
    el('td', {}, formatRate(neighbour.upBitsPerSecond)),
    el('td', {}, progressOf(neighbour)),
  );
}

/** Of a live stream how far behind the edge it is, of a torrent how much it has. */
function progressOf({ behindPieces, heldShare }: Neighbour): string {
  if (heldShare !== undefined) return formatShare(heldShare, 1);
  return behindPieces === undefined ? '–' : String(behindPieces);
}
