// Reads every pending changeset as a release would: the packages exist, the bumps are known, each says something.
import { fileURLToPath } from 'node:url';
import getReleasePlan from '@changesets/get-release-plan';

const root = fileURLToPath(new URL('..', import.meta.url));
const { changesets, releases } = await getReleasePlan(root);
const silent = changesets.filter(({ summary, releases: named }) => summary.trim() === '' || named.length === 0);
for (const { id } of silent) console.error(`.changeset/${id}.md: names no package, or says nothing`);
for (const { name, type, newVersion } of releases) console.log(`${name}: ${type}, ${newVersion}`);
console.log(`${changesets.length} changesets`);
process.exit(silent.length === 0 ? 0 : 1);
