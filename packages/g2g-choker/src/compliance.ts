/**
 * The compliance suite: what any choker has to keep to, checked over generated facts. Vitest, Jest, or a loop of one's own
 * runs it; it brings no dependency. The same facts are shown everywhere and always.
 */
import type { Choker } from './choker.js';
import { answersOf, LAWS } from './compliance/laws.js';

/** A law that a choker broke. */
export interface Finding {
  readonly law: string;
  /** Number of the question that shows it: the same on every machine. */
  readonly question: number;
  /** What the choker did, in a few words. */
  readonly found: string;
}

/**
 * Shows a choker generated facts, and asks for its ranks, and for those by merit if it has such.
 * @param questions - How many; the first ones are always the same.
 * @returns For each law that it broke the first question that shows it; nothing if it keeps to all.
 */
export function checkChoker(choker: Choker, questions = QUESTIONS): readonly Finding[] {
  const findings = new Map<string, Finding>();
  const asked = ranksOf(choker);
  for (let question = 0; question < questions; question++) {
    for (const [whose, rank] of asked) {
      const answers = answersOf({ rank }, question);
      for (const { title, broken } of LAWS) {
        if (findings.has(title)) continue;
        const found = broken(answers);
        if (found !== undefined) findings.set(title, { law: title, question, found: `${whose}${found}` });
      }
    }
  }
  return [...findings.values()];
}

/** All that ranks, and what its findings begin with. */
function ranksOf(choker: Choker): readonly (readonly [string, Choker['rank']])[] {
  const { merit } = choker;
  const byMerit: Choker['rank'] | undefined = merit && ((facts) => merit.call(choker, facts));
  const rank: Choker['rank'] = (facts, random) => choker.rank(facts, random);
  return byMerit
    ? [
        ['', rank],
        ['merit: ', byMerit],
      ]
    : [['', rank]];
}

/**
 * Declares one test for each law.
 * @param test - Of the test runner: `test` or `it` of Vitest or Jest.
 * @param expect - Of the same.
 */
export function describeChoker(
  test: (title: string, check: () => void) => unknown,
  expect: (found: unknown) => { toEqual(expected: unknown): unknown },
  choker: Choker,
): void {
  let findings: readonly Finding[] | undefined;
  for (const { title } of LAWS) {
    test(title, () => {
      findings ??= checkChoker(choker);
      expect(findings.filter(({ law }) => law === title)).toEqual([]);
    });
  }
}

/** Enough to find each of the mistakes that the suite's own tests make on purpose. */
const QUESTIONS = 500;
