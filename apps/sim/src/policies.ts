/** Pickers and chokers by their name, or by the path of a file. */
import { basename, isAbsolute, resolve } from 'node:path';
import { loadPolicy, type PolicyKind, UsageError } from '@tstream/command-line';
import * as g2gChoker from '@tstream/g2g-choker';
import * as chokerCompliance from '@tstream/g2g-choker/compliance';
import * as piecePicker from '@tstream/piece-picker';
import * as pickerCompliance from '@tstream/piece-picker/compliance';
import * as slidingWindow from '@tstream/sliding-window';

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

/** @throws {Failure} If the file can't be loaded or exports none. */
export async function loadPicker({ label, file }: PolicyChoice): Promise<PiecePicker> {
  if (file !== undefined) return await loadPolicy<PiecePicker>(file, 'picker', PROVIDED);
  return piecePicker.pickers[label] as PiecePicker;
}

/** @throws {Failure} If the file can't be loaded or exports none. */
export async function loadChoker({ label, file }: PolicyChoice): Promise<Choker> {
  if (file !== undefined) return await loadPolicy<Choker>(file, 'choker', PROVIDED);
  return g2gChoker.chokers[label] as Choker;
}

/**
 * Loads a file once before anything runs.
 * @returns Which law of its kind it breaks, in a line: a real peer would refuse it; undefined if none.
 * @throws {Failure} If the file can't be loaded or exports none.
 */
export async function tryPolicy(choice: PolicyChoice): Promise<string | undefined> {
  if (choice.file === undefined) return undefined;
  const [broken] =
    choice.kind === 'picker'
      ? pickerCompliance.checkPicker(await loadPicker(choice))
      : chokerCompliance.checkChoker(await loadChoker(choice));
  return (
    broken &&
    `${choice.label} breaks a law of ${choice.kind}s: ${broken.law} (question ${broken.question}: ${broken.found})`
  );
}

function ours(kind: PolicyKind): Readonly<Record<string, unknown>> {
  return kind === 'picker' ? piecePicker.pickers : g2gChoker.chokers;
}

type PiecePicker = piecePicker.PiecePicker;
type Choker = g2gChoker.Choker;

/** What a policy's file may import wherever it stands. */
const PROVIDED = {
  '@tstream/g2g-choker': g2gChoker,
  '@tstream/g2g-choker/compliance': chokerCompliance,
  '@tstream/piece-picker': piecePicker,
  '@tstream/piece-picker/compliance': pickerCompliance,
  '@tstream/sliding-window': slidingWindow,
};
