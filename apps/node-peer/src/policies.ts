/** `--picker` and `--choker`: one of the policies that come with the peer, or a file with somebody's own. */
import { Failure, loadPolicy, UsageError } from '@tstream/command-line';
import * as g2gChoker from '@tstream/g2g-choker';
import * as chokerCompliance from '@tstream/g2g-choker/compliance';
import * as piecePicker from '@tstream/piece-picker';
import * as pickerCompliance from '@tstream/piece-picker/compliance';
import * as slidingWindow from '@tstream/sliding-window';

/** What was asked for; undefined: the live default. */
export interface Policies {
  readonly picker: piecePicker.PiecePicker | undefined;
  readonly choker: g2gChoker.Choker | undefined;
}

/**
 * Finds the policies that the options name. One that breaks a law of its kind is refused: the peer is among other people's.
 * @throws {Failure | UsageError} One line: which name is unknown, why a file can't be loaded, or which law it breaks.
 */
export async function loadPolicies(options: {
  readonly picker: string | undefined;
  readonly choker: string | undefined;
}): Promise<Policies> {
  return {
    picker: await load(options.picker, 'picker', piecePicker.pickers, pickerCompliance.checkPicker),
    choker: await load(options.choker, 'choker', g2gChoker.chokers, chokerCompliance.checkChoker),
  };
}

async function load<T>(
  given: string | undefined,
  kind: 'picker' | 'choker',
  known: Readonly<Record<string, T>>,
  check: (policy: T) => readonly pickerCompliance.Finding[],
): Promise<T | undefined> {
  if (given === undefined) return undefined;
  if (Object.hasOwn(known, given)) return known[given];
  if (!FILE.test(given)) {
    const names = Object.keys(known).join(', ');
    throw new UsageError(`--${kind} '${given}' is unknown: expected ${names}, or a .ts or .js file`);
  }
  const policy = await loadPolicy<T>(given, kind, PROVIDED);
  const [broken] = check(policy);
  if (broken === undefined) return policy;
  throw new Failure(
    `${given} is no ${kind} for a real swarm: ${broken.law} (question ${broken.question}: ${broken.found})`,
  );
}

const FILE = /\.[cm]?[jt]s$/;
/** What a policy's file may import, wherever it stands. */
const PROVIDED = {
  '@tstream/g2g-choker': g2gChoker,
  '@tstream/g2g-choker/compliance': chokerCompliance,
  '@tstream/piece-picker': piecePicker,
  '@tstream/piece-picker/compliance': pickerCompliance,
  '@tstream/sliding-window': slidingWindow,
};
