import type { Neighbour } from './neighbour.js';

/** One ribbon between a neighbour and you. */
export interface Ribbon {
  readonly id: string;
  readonly neighbour: Neighbour;
  readonly bitsPerSecond: number;
  /** Middle of the neighbour's row. */
  readonly rowPx: number;
  /** Middle of the ribbon where it meets you. */
  readonly youPx: number;
  readonly widthPx: number;
}

export interface FlowLayout {
  readonly heightPx: number;
  readonly youTopPx: number;
  readonly youHeightPx: number;
  /** Who feeds you, top down. */
  readonly incoming: readonly Ribbon[];
  /** Whom you feed, top down. */
  readonly outgoing: readonly Ribbon[];
  /** Neighbours with a flow that found no row: in, out. */
  readonly moreIncoming: number;
  readonly moreOutgoing: number;
  /** Neighbours with no flow at all. */
  readonly quiet: number;
}

export const ROW_PX = 40;
const ROWS_MAX = 6;
const RIBBON_PX_MIN = 2;
/** All ribbons of the fuller side together, at most. */
const BUNDLE_PX_MAX = 72;
const YOU_PX_MIN = 56;

interface Flow {
  readonly neighbour: Neighbour;
  readonly bitsPerSecond: number;
  readonly bytes: number;
}

/**
 * Lays out who feeds whom: feeders on the left, you in the middle, fed ones on the right, one scale for all widths.
 * Rows keep their order from second to second: the source first, then whoever has been here longest.
 */
export function flowLayout(neighbours: readonly Neighbour[]): FlowLayout {
  const incoming = flows(neighbours, (n) => [n.downBitsPerSecond, n.downBytes]);
  const outgoing = flows(neighbours, (n) => [n.upBitsPerSecond, n.upBytes]);
  const rows = Math.max(1, Math.min(ROWS_MAX, Math.max(incoming.length, outgoing.length)));
  const left = chosen(incoming);
  const right = chosen(outgoing);
  const heightPx = Math.max(rows * ROW_PX, YOU_PX_MIN + 8);
  const busiest = Math.max(sum(left), sum(right));
  const pxPerBit = busiest > 0 ? Math.min(BUNDLE_PX_MAX, heightPx * 0.6) / busiest : 0;
  const youHeightPx = Math.min(heightPx, Math.max(YOU_PX_MIN, bundlePx(left, pxPerBit), bundlePx(right, pxPerBit)));
  return {
    heightPx,
    youTopPx: (heightPx - youHeightPx) / 2,
    youHeightPx,
    incoming: ribbons(left, heightPx, pxPerBit),
    outgoing: ribbons(right, heightPx, pxPerBit),
    moreIncoming: incoming.length - left.length,
    moreOutgoing: outgoing.length - right.length,
    quiet: neighbours.filter((n) => !(n.downBitsPerSecond > 0) && !(n.upBitsPerSecond > 0)).length,
  };
}

function flows(neighbours: readonly Neighbour[], of: (n: Neighbour) => readonly [number, number]): Flow[] {
  return neighbours.flatMap((neighbour) => {
    const [bitsPerSecond, bytes] = of(neighbour);
    return bitsPerSecond > 0 ? [{ neighbour, bitsPerSecond, bytes }] : [];
  });
}

// Bytes so far rather than the rate of the moment: a picture that changes its cast every second cannot be read.
function chosen(all: readonly Flow[]): Flow[] {
  const sourceFirst = (a: Flow, b: Flow): number => Number(b.neighbour.isSource) - Number(a.neighbour.isSource);
  const byId = (a: Flow, b: Flow): number => (a.neighbour.id < b.neighbour.id ? -1 : 1);
  return [...all]
    .sort((a, b) => sourceFirst(a, b) || b.bytes - a.bytes || byId(a, b))
    .slice(0, ROWS_MAX)
    .sort((a, b) => sourceFirst(a, b) || b.neighbour.ageMs - a.neighbour.ageMs || byId(a, b));
}

function ribbons(side: readonly Flow[], heightPx: number, pxPerBit: number): Ribbon[] {
  const top = (heightPx - side.length * ROW_PX) / 2;
  let youPx = (heightPx - bundlePx(side, pxPerBit)) / 2;
  return side.map((flow, i) => {
    const widthPx = ribbonPx(flow, pxPerBit);
    youPx += widthPx;
    return {
      id: flow.neighbour.id,
      neighbour: flow.neighbour,
      bitsPerSecond: flow.bitsPerSecond,
      rowPx: top + (i + 0.5) * ROW_PX,
      youPx: youPx - widthPx / 2,
      widthPx,
    };
  });
}

function bundlePx(side: readonly Flow[], pxPerBit: number): number {
  return side.reduce((px, flow) => px + ribbonPx(flow, pxPerBit), 0);
}

function ribbonPx(flow: Flow, pxPerBit: number): number {
  return Math.max(RIBBON_PX_MIN, flow.bitsPerSecond * pxPerBit);
}

function sum(side: readonly Flow[]): number {
  return side.reduce((bits, flow) => bits + flow.bitsPerSecond, 0);
}
