import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { manifestOf, root, sourceFiles, workspaces } from './workspace.js';

const SCOPE = '@tstream/';

test('every package and app has its place', () => {
  const folders = ['packages', 'apps'].flatMap((parent) => readdirSync(join(root, parent)));
  expect(workspaces.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
});

describe.each(workspaces)('$name', (workspace) => {
  const { name, folder, mayImport } = workspace;

  test('depends on lines below its own only', () => {
    const manifest = manifestOf(workspace);
    expect(manifest.name).toBe(`${SCOPE}${name}`);
    const { dependencies, devDependencies, peerDependencies } = manifest;
    const all = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
    expect(refusedImports(all, mayImport)).toEqual([]);
  });

  test('imports from lines below its own only', () => {
    const refused = ['src', 'test'].flatMap((part) =>
      sourceFiles(join(folder, part)).flatMap((file) => {
        // A test may import its own package by name.
        const allowed = part === 'test' ? [...mayImport, name] : mayImport;
        return refusedImports(importsOf(file), allowed).map((specifier) => `${relative(root, file)}: ${specifier}`);
      }),
    );
    expect(refused).toEqual([]);
  });

  test('reaches nothing outside its folder by path', () => {
    const outside = sourceFiles(join(folder, 'src')).flatMap((file) => {
      const relatives = importsOf(file).filter((specifier) => specifier.startsWith('.'));
      return relatives.filter((specifier) => !resolve(dirname(file), specifier).startsWith(join(folder, 'src') + sep));
    });
    expect(outside).toEqual([]);
  });
});

test('a sibling, a line above and a stranger are refused', () => {
  const imports = ['@tstream/wire-ext', '@tstream/peer-core/x', '@tstream/tstream-format', '@tstream/none', 'vitest'];
  expect(refusedImports(imports, ['tstream-format', 'sliding-window'])).toEqual([
    '@tstream/wire-ext',
    '@tstream/peer-core/x',
    '@tstream/none',
  ]);
});

function refusedImports(specifiers: readonly string[], allowed: readonly string[]): string[] {
  const ours = specifiers.filter((specifier) => specifier.startsWith(SCOPE));
  return ours.filter((specifier) => !allowed.includes(specifier.slice(SCOPE.length).split('/')[0] ?? ''));
}

/** Every module that a file names: static, type-only, dynamic and re-exporting. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}
