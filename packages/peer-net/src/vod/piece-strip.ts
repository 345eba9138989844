/** What of a file is here, and what is asked for, as a line of characters that a page can draw. */
import type { ContentLayout } from './content-layout.js';
import type { Possession } from './possession.js';

/**
 * @param started - Indices of pieces that are asked for.
 * @param cellsMax - As many characters at most; each stands for as many pieces.
 * @returns One character each: `#` all of it is held, `+` some is asked for, `:` some is held, `.` nothing.
 */
export function pieceStrip(
  layout: Pick<ContentLayout, 'piecesOf'>,
  possession: Pick<Possession, 'isHeld'>,
  started: readonly number[],
  file: number,
  cellsMax: number,
): string {
  const { from, to } = layout.piecesOf(file);
  const asked = new Set(started);
  const cells = Math.min(cellsMax, to - from);
  const edge = (cell: number) => from + Math.floor((cell * (to - from)) / cells);
  let strip = '';
  for (let cell = 0; cell < cells; cell += 1) {
    let held = 0;
    let isAsked = false;
    for (let index = edge(cell); index < edge(cell + 1); index += 1) {
      if (possession.isHeld(index)) held += 1;
      else isAsked ||= asked.has(index);
    }
    const all = edge(cell + 1) - edge(cell);
    strip += held === all ? '#' : isAsked ? '+' : held > 0 ? ':' : '.';
  }
  return strip;
}
