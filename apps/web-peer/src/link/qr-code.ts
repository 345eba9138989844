import { encode } from 'uqr';
import { svg } from '../dom.js';

/** Quiet zone that readers need around a code (ISO/IEC 18004 §5.3.8), modules. */
const BORDER = 4;
/** More makes a code that no telephone reads from a screen. */
const CHARACTERS_MAX = 600;

/** A link as a QR code; undefined if it is too long for one. */
export function qrCode(link: string): SVGSVGElement | undefined {
  if (link.length > CHARACTERS_MAX) return undefined;
  const { data, size } = encode(link, { border: BORDER, ecc: 'M' });
  const cells = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return svg(
    'svg',
    {
      viewBox: `0 0 ${size} ${size}`,
      'shape-rendering': 'crispEdges',
      role: 'img',
      'aria-label': 'QR code of the link',
    },
    svg('path', { d: cells.join('') }),
  );
}
