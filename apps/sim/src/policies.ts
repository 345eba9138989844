/** Pickers and chokers by their name, or by the path of a file. */
import { basename, isAbsolute, resolve } from 'node:path';
import { brokenLaw, isPolicyFile, loadPolicy, type PolicyKind } from '@tstream/command-line';
import { type Choker, chokers } from '@tstream/g2g-choker';
import { type PiecePicker, pickers, type VodPicker, vodPickers } from '@tstream/piece-picker';
import type { Scenario } from '@tstream/swarm-sim';

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
  if (!isPolicyFile(text, policyNames(kind), `'${text}' is no ${wordOf(kind)}`))
    return { kind, label: text, file: undefined };
  return { kind, label: basename(text), file: isAbsolute(text) ? text : resolve(folder, text) };
}

export function policyNames(kind: PolicyKind): string[] {
  return Object.keys(OURS[kind]);
}

/** What a scenario's picker is: live pieces and those on demand have pickers of their own. */
export function kindOfPicker({ video }: Scenario): 'picker' | 'vodPicker' {
  return video.onDemand ? 'vodPicker' : 'picker';
}

/** @returns Undefined for one of ours, which the scenario names. @throws {Failure} If the file can't be loaded or exports none. */
export async function loadPicker({ file }: PolicyChoice): Promise<PiecePicker | undefined> {
  return file === undefined ? undefined : await loadPolicy(file, 'picker');
}

/** As {@link loadPicker}, of on-demand pieces. */
export async function loadVodPicker({ file }: PolicyChoice): Promise<VodPicker | undefined> {
  return file === undefined ? undefined : await loadPolicy(file, 'vodPicker');
}

/** @returns Undefined for one of ours, which the scenario names. @throws {Failure} If the file can't be loaded or exports none. */
export async function loadChoker({ file }: PolicyChoice): Promise<Choker | undefined> {
  return file === undefined ? undefined : await loadPolicy(file, 'choker');
}

/**
 * Loads a file once before anything runs.
 * @returns Which law of its kind it breaks, in a line: a real peer would refuse it; undefined if none.
 * @throws {Failure} If the file can't be loaded or exports none.
 */
export async function tryPolicy({ kind, label, file }: PolicyChoice): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const broken = brokenLaw(kind, await loadPolicy(file, kind));
  return broken && `${label} breaks a law of ${wordOf(kind)}s: ${broken}`;
}

/** As people call it. */
function wordOf(kind: PolicyKind): string {
  return kind === 'choker' ? 'choker' : 'picker';
}

const OURS: Readonly<Record<PolicyKind, object>> = { picker: pickers, choker: chokers, vodPicker: vodPickers };
