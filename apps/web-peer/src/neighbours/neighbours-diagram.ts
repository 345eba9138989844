import { byId, el, setAttributes, setText, svg } from '../dom.js';
import { formatCount, formatRate } from '../format.js';
import { type FlowLayout, flowLayout, type Ribbon, ROW_PX } from './flow-layout.js';
import type { Neighbour } from './neighbour.js';
import { namesOf, tellAbout } from './neighbour-words.js';

const YOU_PX = 10;
const HEAD_PX = 7;

interface RibbonShape {
  readonly group: SVGGElement;
  readonly band: SVGPathElement;
  readonly thread: SVGPathElement;
  readonly head: SVGPathElement;
}

/** Who feeds whom: feeders left, you in the middle, fed ones right; a ribbon's width is its rate. */
export class NeighboursDiagram {
  readonly #feeders = byId('feeders', HTMLElement);
  readonly #fed = byId('fed', HTMLElement);
  readonly #svg = byId('flows', SVGSVGElement);
  readonly #words = byId('neighbours-words', HTMLElement);
  readonly #you = svg('rect', { class: 'you', width: String(YOU_PX), rx: '5' });
  readonly #shapes = new Map<string, RibbonShape>();
  #layout: FlowLayout = flowLayout([]);

  constructor() {
    this.#svg.append(this.#you);
    new ResizeObserver(() => this.#drawFlows()).observe(this.#svg);
  }

  update(neighbours: readonly Neighbour[]): void {
    this.#layout = flowLayout(neighbours);
    const names = namesOf(neighbours);
    drawRows(this.#feeders, this.#layout, 'incoming', names);
    drawRows(this.#fed, this.#layout, 'outgoing', names);
    this.#drawFlows();
    setText(this.#words, words(neighbours, this.#layout));
  }

  #drawFlows(): void {
    const layout = this.#layout;
    const widthPx = this.#svg.clientWidth;
    this.#svg.style.height = `${layout.heightPx}px`;
    setAttributes(this.#svg, { viewBox: `0 0 ${Math.max(1, widthPx)} ${layout.heightPx}` });
    const youLeftPx = (widthPx - YOU_PX) / 2;
    setAttributes(this.#you, { x: String(youLeftPx), y: String(layout.youTopPx), height: String(layout.youHeightPx) });
    const kept = new Set<string>();
    for (const ribbon of layout.incoming) {
      kept.add(`in ${ribbon.id}`);
      shape(this.#shape(`in ${ribbon.id}`), ribbon, [0, ribbon.rowPx], [youLeftPx, ribbon.youPx], 'in');
    }
    for (const ribbon of layout.outgoing) {
      kept.add(`out ${ribbon.id}`);
      shape(
        this.#shape(`out ${ribbon.id}`),
        ribbon,
        [youLeftPx + YOU_PX, ribbon.youPx],
        [widthPx, ribbon.rowPx],
        'out',
      );
    }
    for (const [key, { group }] of this.#shapes) {
      if (kept.has(key)) continue;
      group.remove();
      this.#shapes.delete(key);
    }
  }

  #shape(key: string): RibbonShape {
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const made = { group: svg('g'), band: svg('path'), thread: svg('path'), head: svg('path') };
    made.band.classList.add('band');
    made.thread.classList.add('thread');
    made.head.classList.add('head');
    made.group.append(made.band, made.thread, made.head);
    this.#svg.insertBefore(made.group, this.#you);
    this.#shapes.set(key, made);
    return made;
  }
}

type Point = readonly [xPx: number, yPx: number];

function shape(made: RibbonShape, ribbon: Ribbon, from: Point, to: Point, way: 'in' | 'out'): void {
  const side = ribbon.neighbour.isSource ? 'source' : way;
  setAttributes(made.group, { class: `ribbon ${side}` });
  const tipPx = to[0] - 1;
  const endPx = tipPx - HEAD_PX;
  const middlePx = (from[0] + endPx) / 2;
  const d = `M${from[0]} ${from[1]}C${middlePx} ${from[1]} ${middlePx} ${to[1]} ${endPx} ${to[1]}`;
  setAttributes(made.band, { d, 'stroke-width': ribbon.widthPx.toFixed(1) });
  setAttributes(made.thread, { d });
  const half = Math.max(3.5, ribbon.widthPx / 2 + 1.5);
  setAttributes(made.head, { d: `M${endPx} ${to[1] - half}L${tipPx} ${to[1]}L${endPx} ${to[1] + half}Z` });
}

function drawRows(
  list: HTMLElement,
  layout: FlowLayout,
  way: 'incoming' | 'outgoing',
  names: ReadonlyMap<string, string>,
): void {
  list.style.height = `${layout.heightPx}px`;
  const rows = layout[way].map(({ id, neighbour, bitsPerSecond, rowPx }) => {
    const row = el(
      'li',
      { class: neighbour.isSource ? 'source' : way, title: tellAbout(neighbour) },
      el('span', { class: 'name' }, names.get(id) ?? id),
      el('span', { class: 'rate' }, formatRate(bitsPerSecond)),
    );
    row.style.top = `${rowPx - ROW_PX / 2}px`;
    return row;
  });
  list.replaceChildren(...(rows.length === 0 ? [nobody(layout)] : rows));
}

function nobody(layout: FlowLayout): HTMLLIElement {
  const row = el('li', { class: 'nobody' }, el('span', { class: 'name' }, 'nobody now'));
  row.style.top = `${(layout.heightPx - ROW_PX) / 2}px`;
  return row;
}

function words(neighbours: readonly Neighbour[], layout: FlowLayout): string {
  const parts = [formatCount(neighbours.length, 'neighbour')];
  if (layout.quiet > 0) parts.push(`${layout.quiet} quiet`);
  const more = layout.moreIncoming + layout.moreOutgoing;
  if (more > 0) parts.push(`${more} not drawn`);
  return parts.join(', ');
}
