import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the package offers four pages and nothing else', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    exports: unknown;
  };
  expect(manifest.exports).toMatchInlineSnapshot(`
    {
      "./package.json": "./package.json",
      "./source.html": "./dist/source.html",
      "./viewer.html": "./dist/viewer.html",
      "./vod-source.html": "./dist/vod-source.html",
      "./vod-viewer.html": "./dist/vod-viewer.html",
    }
  `);
});
