// What this benchmark can't do without.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROGRAMS = [
  ['ip', '-Version'],
  ['chrt', '--version'],
  ['sysctl', '--version'],
  ['python3', '--version'],
  ['ffmpeg', '-version'],
];
const BUILT = ['apps/source', 'apps/node-peer'];

/** @returns {string | undefined} One line that says what is missing. */
export function missing() {
  if (process.platform !== 'linux') return 'it needs Linux: network namespaces';
  if (process.getuid?.() !== 0) return 'it needs root: network namespaces, TUN devices, real-time priority';
  if (!existsSync('/dev/net/tun')) return 'it needs /dev/net/tun: modprobe tun';
  const program = PROGRAMS.find(([name = '', ...args]) => spawnSync(name, args).error);
  if (program) return `it needs ${program[0]}: apt install iproute2 util-linux procps python3 ffmpeg`;
  const app = BUILT.find(
    (folder) => !existsSync(fileURLToPath(new URL(`../../${folder}/dist/cli.js`, import.meta.url))),
  );
  if (app) return `${app} is not built: pnpm build`;
  return undefined;
}
