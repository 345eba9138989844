/**
 * Addresses as text: one spelling for each, how far they reach, and the block that one household or provider has.
 */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { PeerAddress } from '@tstream/wire-ext';

/** How far an address reaches; nobody dials an `unroutable` one. */
export type Reach = 'loopback' | 'private' | 'public' | 'unroutable';

/** A name or an address with a port, as a person types it. */
export interface HostPort {
  /** Name, IPv4, or IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The same address, spelt one way: IPv4 in IPv6 becomes IPv4, the zone goes, IPv6 is compressed and lower-case. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const groups = ipv6Groups(bare);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high, low] = [groups[6] as number, groups[7] as number];
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

/** Key of an endpoint in a map; IPv6 in brackets, so that it is also what people read. */
export function endpointText(endpoint: PeerAddress): string {
  return hostPortText({ host: endpoint.address, port: endpoint.port });
}

export function hostPortText({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** @returns undefined unless it is `host:port` or `[ipv6]:port` with a port from 1 to 65535. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const host = match[1] ?? (match[2] as string);
  const port = Number(match[3]);
  if (port < 1 || port > 65_535 || (match[1] !== undefined && !isIPv6(host))) return undefined;
  return { host: match[1] === undefined ? host : plainAddress(host), port };
}

/** @param address - An IP address; anything else is unroutable. */
export function reachOf(address: string): Reach {
  const plain = plainAddress(address);
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (!isIP(plain) || UNROUTABLE.check(plain, family)) return 'unroutable';
  if (LOOPBACK.check(plain, family)) return 'loopback';
  return PRIVATE.check(plain, family) ? 'private' : 'public';
}

/** Whether everybody on this machine has this address; other loopback addresses are taken on purpose, by one party. */
export function isThisMachine(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '127.0.0.1' || plain === '::1';
}

/**
 * Whether to believe that a peer is at `address` when somebody at `teller` says so: a stranger far away must not send
 * us to our own machine or our own network.
 */
export function mayTell(teller: string, address: string): boolean {
  const order: readonly Reach[] = ['public', 'private', 'loopback'];
  const told = order.indexOf(reachOf(address));
  return told >= 0 && told <= order.indexOf(reachOf(teller));
}

/** The /24 or /48 that the address is in: what one party can be expected to have all of. */
export function addressBlock(address: string): string {
  const plain = plainAddress(address);
  if (isIPv4(plain)) return plain.split('.').slice(0, 3).join('.');
  if (isIPv6(plain)) return ipv6Groups(plain).slice(0, 3).join(':');
  return plain;
}

/** @param address - A valid IPv6 address without brackets or zone. */
function ipv6Groups(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(gap).fill('0'), ...after].map((group) => Number.parseInt(group, 16));
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', prefix = ''] = subnet.split('/');
    list.addSubnet(net, Number(prefix), isIPv4(net) ? 'ipv4' : 'ipv6');
  }
  return list;
}

const LOOPBACK = blockList(['127.0.0.0/8', '::1/128']);
/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6. */
const PRIVATE = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);
/** This network, multicast, reserved, broadcast. */
const UNROUTABLE = blockList(['0.0.0.0/8', '224.0.0.0/3', '::/128', 'ff00::/8']);
