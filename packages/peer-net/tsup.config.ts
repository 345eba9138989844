import { defineConfig } from 'tsup';

export default defineConfig({
  // The worker is a file of its own: a thread is started from one.
  entry: { index: 'src/index.ts', 'hash-worker': 'src/vod/hash-worker.js' },
  format: 'esm',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
});
