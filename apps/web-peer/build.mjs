// Builds each page into one HTML file that asks nobody for anything: script and style stand in it, and its own
// Content-Security-Policy names their hashes, so that no other script runs even if a text were taken for markup.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('src/', import.meta.url));
const dist = new URL('dist/', import.meta.url);

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await buildPage('viewer', { media: 'blob:', images: 'data:', moreLicences: await licencesInsideMpegts() });
await buildPage('source', { images: 'data:' });
await buildPage('vod-viewer', { media: "'self'", images: 'data:' });
await buildPage('vod-source', { images: "'self' data:" });

async function buildPage(page, { media = "'none'", images, moreLicences = '' }) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      chunkSizeWarningLimit: 1024,
      license: { fileName: `${page}.licences.md` },
      rollupOptions: { input: `${root}${page}.html`, output: { inlineDynamicImports: true } },
    },
  });
  const html = assetEnding(output, `${page}.html`);
  const style = assetEnding(output, '.css');
  const script = output.find((file) => file.type === 'chunk').code;
  await writeFile(new URL(`${page}.html`, dist), inline(html, style, script, { media, images }));
  await writeFile(new URL(`${page}.licences.md`, dist), assetEnding(output, '.licences.md') + moreLicences);
}

// mpegts.js comes with its own dependencies built in, where vite doesn't see them.
async function licencesInsideMpegts() {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('mpegts.js'));
  const names = ['es6-promise', 'events'];
  const texts = names.map((name) => readFile(join(dirname(resolve(`${name}/package.json`)), 'LICENSE'), 'utf8'));
  return (await Promise.all(texts)).map((text, i) => `\n## ${names[i]}, inside mpegts.js\n\n${text}`).join('');
}

function assetEnding(output, ending) {
  const found = output.filter((file) => file.type === 'asset' && file.fileName.endsWith(ending));
  if (found.length !== 1) throw new Error(`expected one asset *${ending}, got ${found.length}`);
  return String(found[0].source);
}

function inline(html, style, script, { media, images }) {
  // Inside a string or a pattern of the script, `<\/` means the same and does not end the element.
  const safeScript = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3C!--');
  const policy = [
    "default-src 'none'",
    `script-src '${hash(safeScript)}'`,
    `style-src '${hash(style)}'`,
    "connect-src 'self'",
    `media-src ${media}`,
    `img-src ${images}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return replaceOnce(
    replaceOnce(
      replaceOnce(html, /<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`),
      /<script type="module"[^>]*><\/script>/,
      `<script type="module">${safeScript}</script>`,
    ),
    /<meta charset="utf-8" \/>/,
    `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
  );
}

function replaceOnce(text, pattern, replacement) {
  if (!pattern.test(text)) throw new Error(`expected ${pattern} in the page`);
  return text.replace(pattern, () => replacement);
}

function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
