import { formatDuration } from './quantities.js';

/** Who was sent away, for how long and why, for a person: `sent away for 10 min 00 s: a neighbour at 192.0.2.1 (bad-block)`. */
export function banLine(ban: {
  readonly address: string;
  readonly scope: 'peer' | 'address';
  readonly forMs: number;
  readonly reason: string;
}): string {
  const whom = ban.scope === 'address' ? 'everybody' : 'a neighbour';
  return `sent away for ${formatDuration(ban.forMs)}: ${whom} at ${ban.address} (${ban.reason})`;
}
