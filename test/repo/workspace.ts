import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

// Lines of the architecture's drawing, lowest first. A package imports from lines below its own only.
const LAYERS = [
  ['tstream-format', 'sliding-window', 'mpegts-cutter'],
  ['wire-ext', 'live-piece-auth', 'piece-picker', 'g2g-choker'],
  ['peer-core'],
  ['peer-net', 'swarm-sim'],
] as const;

export interface Workspace {
  readonly name: string;
  readonly folder: string;
  /** Names of the workspaces that it may import. */
  readonly mayImport: readonly string[];
}

const packages: readonly Workspace[] = LAYERS.flatMap((layer, index) =>
  layer.map((name) => ({ name, folder: join(root, 'packages', name), mayImport: LAYERS.slice(0, index).flat() })),
);
const packageNames = packages.map(({ name }) => name);

export const workspaces: readonly Workspace[] = [
  ...packages,
  // The pages are one file each, with nothing of ours inside; both apps serve them.
  { name: 'web-peer', folder: join(root, 'apps/web-peer'), mayImport: [] },
  // What the commands say and read alike, policies' files among it.
  { name: 'command-line', folder: join(root, 'apps/command-line'), mayImport: packageNames },
  { name: 'source', folder: join(root, 'apps/source'), mayImport: [...packageNames, 'command-line', 'web-peer'] },
  { name: 'node-peer', folder: join(root, 'apps/node-peer'), mayImport: [...packageNames, 'command-line', 'web-peer'] },
  { name: 'sim', folder: join(root, 'apps/sim'), mayImport: [...packageNames, 'command-line'] },
];

/** Packages without clock, randomness, timer, socket, promise. */
export const purePackages: readonly Workspace[] = packages.filter(({ name }) => name !== 'peer-net');

/** Entry points of pure packages that exist for Node: each has its own subpath. */
export const IMPURE_FILES: readonly string[] = [
  'packages/live-piece-auth/src/node.ts',
  'packages/wire-ext/src/bittorrent-protocol.ts',
];

/** TypeScript and JavaScript files under a folder, absolute; nothing if there is no such folder. */
export function sourceFiles(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  const isSource = (entry: string) => /\.m?[jt]sx?$/.test(entry) && !entry.split(sep).includes('node_modules');
  return entries.filter(isSource).map((entry) => join(folder, entry));
}

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

export function manifestOf({ folder }: Workspace): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
