// Packs every published package as a registry would get it, and checks what is in the tarball:
// its manifest (publint), its types as other projects resolve them (attw), and that nothing is missing.
import { execFileSync } from 'node:child_process';
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
  console.log(`\n-- ${name}`);
  const paths = files.map(({ path }) => path);
  const incomplete = missingOf(paths);
  for (const what of incomplete) console.log(`${name}: no ${what} in the tarball`);
  const typed = paths.some((path) => path.endsWith('.d.ts'));
  const published = (await run(pnpm('exec', 'publint', '--strict', filename), { cwd: root })) === 0;
  const resolved = !typed || (await run(attw(filename), { cwd: root })) === 0;
  if (!published || !resolved || incomplete.length > 0) failed += 1;
}
console.log(`\n${packages.length - failed} of ${packages.length} packages are fit to publish`);
process.exit(failed === 0 ? 0 : 1);

/** @param {readonly string[]} paths */
function missingOf(paths) {
  const has = (/** @type {RegExp} */ what) => paths.some((path) => what.test(path));
  return Object.entries({ README: /^README\.md$/, 'built file': /^dist\// })
    .filter(([, what]) => !has(what))
    .map(([what]) => what);
}

/** @param {string} tarball */
function attw(tarball) {
  return pnpm('exec', 'attw', '--profile', 'esm-only', '--format', 'ascii', tarball);
}
