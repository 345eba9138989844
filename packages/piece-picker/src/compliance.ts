/**
 * The compliance suite: what any picker has to keep to, checked over generated questions. Vitest, Jest, or a loop of one's
 * own runs it; it brings no dependency. The same questions are asked everywhere and always.
 */
import { answersOf, LAWS, type Law } from './compliance/laws.js';
import { VOD_LAWS, vodAnswersOf } from './compliance/vod-laws.js';
import type { PiecePicker } from './picker.js';
import type { VodPicker } from './vod/vod-picker.js';

/** A law that a picker broke. */
export interface Finding {
  readonly law: string;
  /** Number of the question that shows it: the same on every machine. */
  readonly question: number;
  /** What the picker did, in a few words. */
  readonly found: string;
}

/**
 * Asks a picker generated questions, of both kinds.
 * @param questions - How many; the first ones are always the same.
 * @returns For each law that it broke the first question that shows it; nothing if it keeps to all.
 */
export function checkPicker(picker: PiecePicker, questions = QUESTIONS): readonly Finding[] {
  return check(LAWS, (question) => answersOf(picker, question), questions);
}

/** Asks a picker of on-demand pieces; as {@link checkPicker}. */
export function checkVodPicker(picker: VodPicker, questions = QUESTIONS): readonly Finding[] {
  return check(VOD_LAWS, (question) => vodAnswersOf(picker, question), questions);
}

/**
 * Declares one test for each law.
 * @param test - Of the test runner: `test` or `it` of Vitest or Jest.
 * @param expect - Of the same.
 */
export function describePicker(test: Test, expect: Expect, picker: PiecePicker): void {
  describeLaws(LAWS, test, expect, () => checkPicker(picker));
}

/** Declares one test for each law of pickers of on-demand pieces; as {@link describePicker}. */
export function describeVodPicker(test: Test, expect: Expect, picker: VodPicker): void {
  describeLaws(VOD_LAWS, test, expect, () => checkVodPicker(picker));
}

type Test = (title: string, check: () => void) => unknown;
type Expect = (found: unknown) => { toEqual(expected: unknown): unknown };

function check<Answers>(
  laws: readonly Law<Answers>[],
  answersTo: (question: number) => Answers,
  questions: number,
): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (let question = 0; question < questions; question++) {
    const answers = answersTo(question);
    for (const { title, broken } of laws) {
      if (findings.has(title)) continue;
      const found = broken(answers);
      if (found !== undefined) findings.set(title, { law: title, question, found });
    }
  }
  return [...findings.values()];
}

function describeLaws(
  laws: readonly { readonly title: string }[],
  test: Test,
  expect: Expect,
  findingsOf: () => readonly Finding[],
): void {
  let findings: readonly Finding[] | undefined;
  for (const { title } of laws) {
    test(title, () => {
      findings ??= findingsOf();
      expect(findings.filter(({ law }) => law === title)).toEqual([]);
    });
  }
}

/** Enough to find each of the mistakes that the suite's own tests make on purpose. */
const QUESTIONS = 300;
