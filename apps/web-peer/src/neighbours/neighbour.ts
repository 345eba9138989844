import { fieldsOf } from '../fields.js';

/** A neighbour in the swarm, as the viewer's peer sees it. */
export interface Neighbour {
  readonly id: string;
  readonly address: string;
  readonly client: string;
  /** The broadcaster; never somebody in an on-demand swarm. */
  readonly isSource: boolean;
  readonly downBytes: number;
  readonly upBytes: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  readonly rttMs: number | undefined;
  readonly strikes: number;
  readonly ageMs: number;
  /** Behind the live edge. */
  readonly behindPieces: number | undefined;
  /** Share of the whole that it holds, 0 … 1; undefined for a live stream. */
  readonly heldShare: number | undefined;
}

/** More than any peer connects to; whatever lies behind is not drawn. */
const NEIGHBOURS_MAX = 400;

export function readNeighbours(list: readonly unknown[]): Neighbour[] {
  return list.slice(0, NEIGHBOURS_MAX).map(readNeighbour);
}

function readNeighbour(json: unknown): Neighbour {
  const fields = fieldsOf(json);
  const known = (name: string): number | undefined => (fields.has(name) ? fields.number(name) : undefined);
  return {
    id: fields.text('id'),
    address: fields.text('address'),
    client: fields.text('client'),
    isSource: fields.flag('isSource'),
    downBytes: fields.number('downBytes'),
    upBytes: fields.number('upBytes'),
    downBitsPerSecond: fields.number('downBitsPerSecond'),
    upBitsPerSecond: fields.number('upBitsPerSecond'),
    rttMs: known('rttMs'),
    strikes: fields.number('strikes'),
    ageMs: fields.number('ageMs'),
    behindPieces: known('behindPieces'),
    heldShare: known('heldShare'),
  };
}
