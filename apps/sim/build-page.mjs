// Builds the report into one HTML file that asks nobody for anything; its study is filled in when it is written.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const root = fileURLToPath(new URL('src/page/', import.meta.url));
const outDir = fileURLToPath(new URL('dist/', import.meta.url));

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [viteSingleFile()],
  build: {
    outDir,
    emptyOutDir: false,
    target: 'es2022',
    chunkSizeWarningLimit: 2048,
    license: { fileName: 'report.licences.md' },
    rollupOptions: { input: `${root}report.html` },
  },
});
