/** `--picker` and `--choker`: one of the policies that come with the peer, or a file with somebody's own. */
import { basename } from 'node:path';
import {
  blameFile,
  brokenLaw,
  Failure,
  isPolicyFile,
  loadPolicy,
  oneLine,
  type PolicyKind,
  type PolicyKinds,
} from '@tstream/command-line';
import { type Choker, chokers } from '@tstream/g2g-choker';
import { type PiecePicker, pickers, type VodPicker, vodPickers } from '@tstream/piece-picker';

/** What was asked for; undefined: the live default. */
export interface Policies {
  readonly picker: PiecePicker | undefined;
  readonly choker: Choker | undefined;
}

/** Likewise for a torrent; undefined: the on-demand default. */
export interface VodPolicies {
  readonly picker: VodPicker | undefined;
  readonly choker: Choker | undefined;
}

interface Named {
  readonly picker: string | undefined;
  readonly choker: string | undefined;
}

/**
 * Finds the policies that the options name. One that breaks a law of its kind is refused: the peer is among other people's.
 * @param onThrown - Called when a file's policy throws in the running peer, with the line that tells it; from then on it may be called again.
 * @throws {Failure | UsageError} One line: which name is unknown, why a file can't be loaded, or which law it breaks.
 */
export async function loadPolicies(options: Named, onThrown: (failure: Failure) => void): Promise<Policies> {
  return {
    picker: await load(options.picker, 'picker', pickers, onThrown),
    choker: await load(options.choker, 'choker', chokers, onThrown),
  };
}

/** As {@link loadPolicies}, for torrents. */
export async function loadVodPolicies(options: Named, onThrown: (failure: Failure) => void): Promise<VodPolicies> {
  return {
    picker: await load(options.picker, 'vodPicker', vodPickers, onThrown),
    choker: await load(options.choker, 'choker', chokers, onThrown),
  };
}

async function load<K extends PolicyKind>(
  given: string | undefined,
  kind: K,
  known: Readonly<Record<string, PolicyKinds[K]>>,
  onThrown: (failure: Failure) => void,
): Promise<PolicyKinds[K] | undefined> {
  if (given === undefined) return undefined;
  if (!isPolicyFile(given, Object.keys(known), `--${OPTIONS[kind]} '${given}' is unknown`)) return known[given];
  const policy = await loadPolicy(given, kind);
  const broken = brokenLaw(kind, policy);
  if (broken !== undefined) throw new Failure(`${given} is no ${OPTIONS[kind]} for a real swarm: ${broken}`);
  return GUARDS[kind](policy, (error) => {
    const blamed = blameFile(error, given) ?? `${basename(given)}: ${oneLine(error)}`;
    onThrown(new Failure(blamed, { cause: error }));
  });
}

type Guard<Policy> = (policy: Policy, thrown: (error: unknown) => void) => Policy;

/**
 * The laws ask some questions, a swarm asks others: what a policy throws there must not tear the peer out of its connections.
 * Until it has left, it does without an answer.
 */
const GUARDS: { readonly [K in PolicyKind]: Guard<PolicyKinds[K]> } = {
  picker: (picker, thrown) => ({
    offer: (view) => answer(() => picker.offer(view), undefined, thrown),
    want: (view) => answer(() => picker.want(view), [], thrown),
  }),
  choker: (choker, thrown) => {
    const none = (facts: readonly unknown[]) => facts.map(() => 0);
    const { merit } = choker;
    return {
      rank: (facts, random) => answer(() => choker.rank(facts, random), none(facts), thrown),
      ...(merit && { merit: (facts) => answer(() => merit.call(choker, facts), none(facts), thrown) }),
    };
  },
  vodPicker: (picker, thrown) => ({
    choose: (view, neighbour) => answer(() => picker.choose(view, neighbour), -1, thrown),
  }),
};

/** Under which option each kind is named. */
const OPTIONS: Readonly<Record<PolicyKind, string>> = { picker: 'picker', choker: 'choker', vodPicker: 'picker' };

function answer<T>(ask: () => T, none: T, thrown: (error: unknown) => void): T {
  try {
    return ask();
  } catch (error) {
    thrown(error);
    return none;
  }
}
