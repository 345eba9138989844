// Packs every published package as a registry would get it, and checks what is in the tarball:
// its manifest (publint), its types as other projects resolve them (attw), and that nothing is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm, run } from './children.mjs';

/** @typedef {{ name: string, filename: string, files: { path: string }[] }} Packed */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tstream-packages-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

if ((await run(pnpm('build'), { cwd: root })) !== 0) process.exit(1);
const [program = '', ...args] = pnpm('--recursive', 'pack', '--json', '--pack-destination', folder);
/** @type {Packed[]} */
const packages = JSON.parse(execFileSync(program, args, { cwd: root, encoding: 'utf8' }));
if (packages.length === 0) throw new Error('nothing was packed');

let failed = 0;
for (const { name, filename, files } of packages) {
  const paths = files.map(({ path }) => path);
  const typed = paths.some((path) => path.endsWith('.d.ts'));
  const faults = [
    ...missingOf(paths).map((what) => `no ${what} in the tarball`),
    ...faultsOf('publint', '--strict', filename),
    ...(typed ? faultsOf('attw', '--profile', 'esm-only', '--format', 'ascii', filename) : []),
  ];
  console.log(`${name}: ${faults.length === 0 ? 'fit to publish' : faults.join('\n')}`);
  if (faults.length > 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);

/** @param {readonly string[]} paths */
function missingOf(paths) {
  const has = (/** @type {RegExp} */ what) => paths.some((path) => what.test(path));
  return Object.entries({ README: /^README\.md$/, 'built file': /^dist\// })
    .filter(([, what]) => !has(what))
    .map(([what]) => what);
}

/**
 * @param {string} program - One that the workspace's root depends on.
 * @param {...string} given
 * @returns {string[]} What it says, if it objects.
 */
function faultsOf(program, ...given) {
  const bin = join(root, 'node_modules/.bin', program);
  const { status, stdout, stderr } = spawnSync(bin, given, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [`${program} objects\n${stdout ?? ''}${stderr ?? ''}`];
}
