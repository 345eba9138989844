import { Command, CommanderError } from 'commander';
import { UsageError } from './failures.js';

/** A command whose own output is help only: what is wrong with its arguments is told in one line by whoever runs it. */
export function createCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

/** Refuses a command line that says both `--NAME` and `--no-NAME`: the last of them would win, and nobody be told. */
export function refuseBoth(command: Command, name: string): Command {
  const said = new Set<string>();
  for (const option of [name, `no-${name}`]) {
    command.on(`option:${option}`, () => {
      said.add(option);
      if (said.size > 1)
        throw new UsageError(`--${name} and --no-${name} contradict each other: leave one of them out`);
    });
  }
  return command;
}

/**
 * Parses the command line and runs the command that it names.
 * @throws {UsageError} If the arguments make no sense.
 */
export async function parseCommandLine(program: Command): Promise<void> {
  if (process.argv.length <= 2) return program.outputHelp();
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(`${error.message.replace(/^error: /, '')} (see --help)`);
  }
}
