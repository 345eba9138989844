import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vitest/config';

/** A fenced block ```` ```ts example ```` of a README. */
export interface Example {
  readonly code: string;
  /** Its first line's number in the README, from 1. */
  readonly line: number;
}

export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  let open: { from: number; fence: string; isExample: boolean } | undefined;
  const lines = markdown.split('\n');
  for (const [index, line] of lines.entries()) {
    const fence = /^(```+)(.*)$/.exec(line);
    if (fence === null) continue;
    const [, ticks = '', language = ''] = fence;
    if (open === undefined) {
      open = { from: index + 1, fence: ticks, isExample: language.trim() === 'ts example' };
    } else if (ticks === open.fence && language.trim() === '') {
      const code = lines.slice(open.from, index).join('\n');
      if (open.isExample) examples.push({ code, line: open.from + 1 });
      open = undefined;
    }
  }
  return examples;
}

const MODULE = /^(.*README\.md)\.(\d+)\.ts$/;

/** `README.md.0.ts` is the first example beside that README, as a module that imports what the package can import. */
export function readmeExamples(): Plugin {
  return {
    name: 'readme-examples',
    resolveId(id, importer) {
      if (MODULE.test(id)) return id;
      const [, readme] = MODULE.exec(importer ?? '') ?? [];
      if (readme === undefined) return undefined;
      // What the package depends on is found from a file that exists.
      const beside = join(dirname(readme), 'package.json');
      return ownSource(dirname(readme), id) ?? this.resolve(id, beside, { skipSelf: true });
    },
    load(id) {
      const [, readme, index] = MODULE.exec(id) ?? [];
      if (readme === undefined) return undefined;
      const example = examplesOf(readFileSync(readme, 'utf8'))[Number(index)];
      // Empty lines above, so that an error names the README's line.
      return example && '\n'.repeat(example.line - 1) + example.code;
    },
  };
}

/** The source file of a package's own entry point; Node resolves a package's own name, vite does not. */
function ownSource(folder: string, specifier: string): string | undefined {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, { '@tstream/source'?: string }>;
  };
  if (!`${specifier}/`.startsWith(`${manifest.name}/`)) return undefined;
  const source = manifest.exports[`.${specifier.slice(manifest.name.length)}`]?.['@tstream/source'];
  return source && join(folder, source);
}
