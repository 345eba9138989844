// Runs the independent generators in an empty folder and compares what they write with the committed vectors.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const committed = fileURLToPath(new URL('../spec/vectors', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tstream-vectors-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

// The same shape as the repository, so that a generator finds its place whichever way it looks for it.
const generated = join(folder, 'spec/vectors');
mkdirSync(generated, { recursive: true });
cpSync(join(committed, 'gen'), join(generated, 'gen'), { recursive: true });
for (const file of listed(join(generated, 'gen'), '.py')) {
  const { status, error } = spawnSync('python3', [join(generated, 'gen', file)], { cwd: folder, stdio: 'inherit' });
  if (status === 0) continue;
  console.error(`${file}: ${error?.message ?? `ended with ${status}`}`);
  process.exit(1);
}

const files = new Set([...listed(committed, '.json'), ...listed(generated, '.json')]);
const failures = [...files].map(compare).filter((failure) => failure !== undefined);
for (const failure of failures) console.error(failure);
console.log(`${files.size - failures.length} of ${files.size} vector files are what the generators write`);
process.exit(failures.length === 0 && files.size > 0 ? 0 : 1);

/** @param {string} file */
function compare(file) {
  if (!existsSync(join(generated, file))) return `${file}: no generator writes it`;
  if (!existsSync(join(committed, file))) return `${file}: generated, not committed`;
  const same = readFileSync(join(committed, file)).equals(readFileSync(join(generated, file)));
  return same ? undefined : `${file}: differs from what its generator writes`;
}

/**
 * @param {string} path
 * @param {string} extension
 */
function listed(path, extension) {
  return readdirSync(path).filter((file) => file.endsWith(extension));
}
