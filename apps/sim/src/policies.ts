/** Pickers and chokers by their name, or by the path of a file. */
import { basename, isAbsolute, resolve } from 'node:path';
import { loadPolicy, type PolicyKind, UsageError } from '@tstream/command-line';
import * as g2gChoker from '@tstream/g2g-choker';
import * as chokerCompliance from '@tstream/g2g-choker/compliance';
import * as piecePicker from '@tstream/piece-picker';
import * as pickerCompliance from '@tstream/piece-picker/compliance';
import * as slidingWindow from '@tstream/sliding-window';
import { REFERENCES } from '@tstream/swarm-sim';

/** What can be sent to a worker thread, which loads it there. */
export interface PolicyChoice {
  readonly kind: PolicyKind;
  /** As shown: the name, or the file's name. */
  readonly label: string;
  /** Absolute; undefined for one of ours. */
  readonly file: string | undefined;
}

/**
 * @param text - A name, or a path to a `.ts` or `.js` file.
 * @param folder - What a relative path starts from.
 * @throws {UsageError} If it is neither; lists the names.
 */
export function choosePolicy(kind: PolicyKind, text: string, folder: string): PolicyChoice {
  if (Object.hasOwn(ours(kind), text)) return { kind, label: text, file: undefined };
  if (!/\.[cm]?[jt]s$/.test(text)) {
    throw new UsageError(
      `'${text}' is no ${kind}: expected ${policyNames(kind).join(', ')}, or the path of a .ts or .js file`,
    );
  }
  return { kind, label: basename(text), file: isAbsolute(text) ? text : resolve(folder, text) };
}

export function policyNames(kind: PolicyKind): string[] {
  return Object.keys(ours(kind));
}

/** @returns Undefined for one of ours, which the scenario names. @throws {Failure} If the file can't be loaded or exports none. */
export async function loadPicker({ file }: PolicyChoice): Promise<piecePicker.PiecePicker | undefined> {
  return file === undefined ? undefined : await loadPolicy<piecePicker.PiecePicker>(file, 'picker', PROVIDED);
}

/** @returns Undefined for one of ours, which the scenario names. @throws {Failure} If the file can't be loaded or exports none. */
export async function loadChoker({ file }: PolicyChoice): Promise<g2gChoker.Choker | undefined> {
  return file === undefined ? undefined : await loadPolicy<g2gChoker.Choker>(file, 'choker', PROVIDED);
}

/**
 * Loads a file once before anything runs.
 * @returns Which law of its kind it breaks, in a line: a real peer would refuse it; undefined if none.
 * @throws {Failure} If the file can't be loaded or exports none.
 */
export async function tryPolicy(choice: PolicyChoice): Promise<string | undefined> {
  const picker = choice.kind === 'picker' ? await loadPicker(choice) : undefined;
  const choker = choice.kind === 'choker' ? await loadChoker(choice) : undefined;
  const [broken] = picker ? pickerCompliance.checkPicker(picker) : choker ? chokerCompliance.checkChoker(choker) : [];
  return (
    broken &&
    `${choice.label} breaks a law of ${choice.kind}s: ${broken.law} (question ${broken.question}: ${broken.found})`
  );
}

/** Those that peers could have, and for pickers the references that only a simulator can run. */
function ours(kind: PolicyKind): Readonly<Record<string, unknown>> {
  return kind === 'picker' ? { ...piecePicker.pickers, ...REFERENCES } : g2gChoker.chokers;
}

/** What a policy's file may import wherever it stands. */
const PROVIDED = {
  '@tstream/g2g-choker': g2gChoker,
  '@tstream/g2g-choker/compliance': chokerCompliance,
  '@tstream/piece-picker': piecePicker,
  '@tstream/piece-picker/compliance': pickerCompliance,
  '@tstream/sliding-window': slidingWindow,
};
