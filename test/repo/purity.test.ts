import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMPURE_FILES, purePackages, root, sourceFiles } from './workspace.js';

describe.each(purePackages)('$name', ({ folder }) => {
  const project = readProject(join(folder, 'tsconfig.json'));
  const pureFiles = sourceFiles(join(folder, 'src')).filter((file) => !IMPURE_FILES.includes(relative(root, file)));

  test('is compiled with the language alone: no DOM, no Node', () => {
    expect(project.options.lib).toEqual(['lib.es2023.d.ts']);
    expect(project.options.types).toEqual([]);
    expect(pureFiles.filter((file) => !project.fileNames.includes(file))).toEqual([]);
  });

  test('never tells compiler or linter to look away', () => {
    const lookAway = /@ts-(?:ignore|nocheck|expect-error)|(?:ox|es)lint-disable|<reference\s/;
    expect(pureFiles.filter((file) => lookAway.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

const COMPILER_REFUSES = {
  timer: 'setTimeout(() => {}, 1);',
  'Node global': 'export const a = process.hrtime();',
  Buffer: 'export const a = Buffer.alloc(1);',
  'Node module': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync('x');",
  'Node module by its bare name': "import { createServer } from 'net';\nexport const a = createServer();",
  'DOM global': 'export const a = document.title;',
  console: "console.log('x');",
  fetch: "export const a = fetch('x');",
  crypto: 'export const a = crypto.getRandomValues(new Uint8Array(1));',
};

test.each(Object.entries(COMPILER_REFUSES))('the compiler refuses: %s', (_, code) => {
  expect(compileErrors(`${code}\n`).length).toBeGreaterThan(0);
});

test('the compiler accepts plain code', () => {
  expect(compileErrors('export const a = new Uint8Array(1).length;\n')).toEqual([]);
});

const LINTER_REFUSES = {
  'wall clock': 'export const a = Date.now();',
  'new date': 'export const a = new Date();',
  'monotonic clock': 'export const a = performance.now();',
  randomness: 'export const a = Math.random();',
  'randomness by another name': 'export const { random } = Math;',
  'inexact arithmetic': 'export const a = Math.log(2);',
  timer: 'setTimeout(() => {}, 1);',
  'timer by the global object': 'globalThis.setTimeout(() => {}, 1);',
  microtask: 'queueMicrotask(() => {});',
  'Node module': "export { readFileSync } from 'node:fs';",
  'Node module, late': "export const a = import('node:fs');",
  promise: 'export const a = Promise.resolve(1);',
  'type of a promise': 'export type A = Promise<number>;',
  'async function': 'export async function a() {}',
  'async arrow': 'export const a = async () => 1;',
  'async method': 'export class A { async a() {} }',
  'order by locale': "export const a = 'a'.localeCompare('b');",
  'garbage collector': 'export const a = new WeakRef({});',
};

describe('the linter refuses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstream-purity-'));
  let refusedFiles: Set<string>;
  afterAll(() => rmSync(folder, { recursive: true }));

  // The same relative paths beside a copy of the rules, so that the working tree stays as it is.
  const fileOf = (workspace: string, index: number) => join('packages', workspace, 'src', `impure-${index}.ts`);
  beforeAll(() => {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const { name } of purePackages) {
      for (const [index, code] of Object.values(LINTER_REFUSES).entries()) write(fileOf(name, index), code);
      write(join('packages', name, 'src/pure.ts'), 'export const a = 1;');
    }
    for (const file of IMPURE_FILES) write(file, LINTER_REFUSES['wall clock']);
    refusedFiles = lint();
  });

  function write(path: string, code: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${code}\n`);
  }

  function lint(): Set<string> {
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
    const impure = diagnostics.filter(({ code }) => /no-restricted-|no-async-await/.test(code));
    return new Set(impure.map(({ filename }) => filename));
  }

  test.each(Object.keys(LINTER_REFUSES).map((what, index) => ({ what, index })))('$what', ({ index }) => {
    const accepted = purePackages.filter(({ name }) => !refusedFiles.has(fileOf(name, index)));
    expect(accepted.map(({ name }) => name)).toEqual([]);
  });

  test('nothing else: plain code, and the entry points for Node', () => {
    const plain = purePackages.map(({ name }) => join('packages', name, 'src/pure.ts'));
    expect([...plain, ...IMPURE_FILES].filter((file) => refusedFiles.has(file))).toEqual([]);
  });
});

function readProject(path: string): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(path, ts.sys.readFile) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
}

let libraries: Map<string, ts.SourceFile | undefined> | undefined;

/** What the compiler says of one more file in a pure package. */
function compileErrors(code: string): string[] {
  const folder = join(root, 'packages/peer-core');
  const { options } = readProject(join(folder, 'tsconfig.json'));
  const path = join(folder, 'src/fixture.ts');
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  libraries ??= new Map();
  const known = libraries;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, version) => {
    if (name === path) return ts.createSourceFile(name, code, version);
    if (!known.has(name)) known.set(name, getSourceFile(name, version));
    return known.get(name);
  };
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
