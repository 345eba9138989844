/** Under which addresses others reach this source. */
import { networkInterfaces } from 'node:os';

export interface Links {
  /** Base of all others, without a slash at the end. */
  readonly base: string;
  /** Of the `.tstream` or `.torrent` file. */
  readonly metainfo: string;
  /** Trackers of our own: HTTP on the port of the page, UDP on the same number. */
  readonly trackers: readonly string[];
  /** Whether the address can be reached from another network, as far as the address itself tells. */
  readonly scope: 'this machine' | 'your own network' | 'the internet';
}

/**
 * @param publicUrl - What the world calls this source, or undefined.
 * @param host - Where it listens; undefined: everywhere.
 * @param fileName - Of the `.tstream` or `.torrent`.
 */
export function linksOf(publicUrl: URL | undefined, host: string | undefined, port: number, fileName: string): Links {
  const url = publicUrl ?? new URL(`http://${bracketed(host ?? ownAddress())}:${port}`);
  const base = url.href.replace(/\/+$/, '');
  const udpPort = publicUrl && publicUrl.port === '' ? port : Number(url.port);
  return {
    base,
    metainfo: `${base}/${encodeURIComponent(fileName)}`,
    trackers: [`${base}/announce`, `udp://${url.hostname}:${udpPort}/announce`],
    scope: publicUrl ? 'the internet' : scopeOf(url.hostname),
  };
}

/** The address by which the local network knows this machine, or the loopback address. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const own = all.find((address) => address.family === 'IPv4' && !address.internal);
  return own?.address ?? '127.0.0.1';
}

function scopeOf(host: string): Links['scope'] {
  if (/^(127\.|localhost$|\[::1\])/.test(host)) return 'this machine';
  if (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[f[cde])/i.test(
      host,
    )
  ) {
    return 'your own network';
  }
  return 'the internet';
}

function bracketed(host: string): string {
  if (host === '::' || host === '0.0.0.0') return ownAddress();
  return host.includes(':') ? `[${host}]` : host;
}
