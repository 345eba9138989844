import { defineConfig } from 'vitest/config';
import { readmeExamples } from './test/repo/examples.js';

// Tests import the packages' sources, so that none of them needs a build.
const resolve = { conditions: ['@tstream/source', 'module', 'node', 'import', 'default'] };
const ssr = { resolve: { conditions: ['@tstream/source', 'node', 'import', 'default'] } };

// End-to-end tests to which it is all the same how busy the machine is: they run beside the others.
const BESIDE = [
  'bad-input',
  'broken-pair',
  'chain',
  'clip',
  'downloads',
  'hostile-headers',
  'hostile-silence',
  'killed-download',
  'lab',
  'local-server',
  'policies',
  'ring',
  'stopping',
  'surroundings',
].map((name) => `test/e2e/${name}.test.ts`);

// Unit tests over real sockets.
const SOCKETS = ['packages/peer-net/test/**/*.test.ts'];

// Real sockets and processes see the clock on the wall, and a machine that others use, too, may sleep at any time. What passed only when it
// was run again is named at the end of `pnpm test`: something to look at.
const WALL_CLOCK_RETRIES = 1;

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        plugins: [readmeExamples()],
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/repo/**/*.test.ts'],
          exclude: ['**/*.sim.test.ts', ...SOCKETS],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'sockets',
          include: SOCKETS,
          environment: 'node',
          testTimeout: 60_000,
          // After the others, when the machine is quieter.
          sequence: { groupOrder: 1 },
          retry: WALL_CLOCK_RETRIES,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'sim',
          include: ['packages/*/test/**/*.sim.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: BESIDE,
          environment: 'node',
          testTimeout: 300_000,
          hookTimeout: 60_000,
          retry: WALL_CLOCK_RETRIES,
          // Whole swarms of processes share the machine: one file at a time.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e-beside',
          include: BESIDE,
          environment: 'node',
          testTimeout: 300_000,
          retry: WALL_CLOCK_RETRIES,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          retry: WALL_CLOCK_RETRIES,
          fileParallelism: false,
        },
      },
    ],
  },
});
