/** `--picker` and `--choker`: one of the policies that come with the peer, or a file with somebody's own. */
import { brokenLaw, Failure, isPolicyFile, loadPolicy, type PolicyKind, type PolicyKinds } from '@tstream/command-line';
import { type Choker, chokers } from '@tstream/g2g-choker';
import { type PiecePicker, pickers } from '@tstream/piece-picker';

/** What was asked for; undefined: the live default. */
export interface Policies {
  readonly picker: PiecePicker | undefined;
  readonly choker: Choker | undefined;
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
    picker: await load(options.picker, 'picker', pickers),
    choker: await load(options.choker, 'choker', chokers),
  };
}

async function load<K extends PolicyKind>(
  given: string | undefined,
  kind: K,
  known: Readonly<Record<string, PolicyKinds[K]>>,
): Promise<PolicyKinds[K] | undefined> {
  if (given === undefined) return undefined;
  if (!isPolicyFile(given, Object.keys(known), `--${kind} '${given}' is unknown`)) return known[given];
  const policy = await loadPolicy(given, kind);
  const broken = brokenLaw(kind, policy);
  if (broken === undefined) return policy;
  throw new Failure(`${given} is no ${kind} for a real swarm: ${broken}`);
}
