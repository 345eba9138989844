/** IP addresses between text and 4 or 16 bytes. */
import { readU16, writeU16 } from './big-endian.js';

/** @returns Dotted IPv4 for 4 bytes, IPv6 as RFC 5952 §4 for 16. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => readU16(bytes, 2 * i));
  const [from, to] = longestZeroRun(groups);
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  // §4.2.2: a single zero group is not shortened.
  if (to - from < 2) return text(groups);
  return `${text(groups.slice(0, from))}::${text(groups.slice(to))}`;
}

/**
 * @param address - Dotted IPv4, or IPv6 without brackets, zone or embedded IPv4.
 * @returns 4 or 16 bytes, or undefined if it is neither.
 */
export function parseAddress(address: string): Uint8Array | undefined {
  return address.includes(':') ? parseIPv6(address) : parseIPv4(address);
}

function parseIPv4(address: string): Uint8Array | undefined {
  const match = IPV4.exec(address);
  const parts = match?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? new Uint8Array(parts) : undefined;
}

function parseIPv6(address: string): Uint8Array | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (head === undefined || ![...head, ...(tail ?? [])].every((group) => GROUP.test(group))) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  const bytes = new Uint8Array(16);
  for (const [i, group] of groups.entries()) writeU16(bytes, 2 * i, Number.parseInt(group, 16));
  return bytes;
}

/** §4.2.3: of several longest runs, the first. */
function longestZeroRun(groups: readonly number[]): [from: number, to: number] {
  let longest: [number, number] = [0, 0];
  let from = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) from = i + 1;
    else if (i + 1 - from > longest[1] - longest[0]) longest = [from, i + 1];
  }
  return longest;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
