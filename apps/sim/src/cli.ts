#!/usr/bin/env node
import { createCommand, parseCommandLine, runToEnd } from '@tstream/command-line';
import { compare, declareCompare } from './compare.js';
import { list } from './list.js';
import type { Given } from './options.js';
import { declareRun, run } from './run.js';
import { declareSweep, sweep } from './sweep.js';

await runToEnd('tstream-sim', async (stop) => {
  const program = createCommand(
    'tstream-sim',
    'Simulates whole swarms of the real peer, and compares policies in them.',
  );
  program.addCommand(
    declareRun(createCommand('run', 'run scenarios, over one or more seeds'))
      .argument('<FILE...>', 'a scenario, such as scenarios/fast-60.json, or several')
      .action((files: string[], given: Given) => run(files, given, stop)),
  );
  program.addCommand(
    declareSweep(createCommand('sweep', 'run a scenario with one value after another in one place'))
      .argument('<FILE>', 'a scenario')
      .action((file: string, given: Given) => sweep(file, given, stop)),
  );
  program.addCommand(
    declareCompare(createCommand('compare', 'compare two policies, or two saved results, seed by seed'))
      .argument('<A>', 'a picker or choker by name or file; without --scenario a file that run --json wrote')
      .argument('<B>', 'likewise')
      .action((a: string, b: string, given: Given) => compare(a, b, given, stop)),
  );
  program.addCommand(
    createCommand('list', 'say which scenarios, pickers and chokers there are')
      .argument('[FOLDER]', 'where the scenarios are', 'scenarios')
      .action((folder: string) => list(folder)),
  );
  await parseCommandLine(program);
});
