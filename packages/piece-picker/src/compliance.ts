/**
 * The compliance suite: what any picker has to keep to, checked over generated questions. Vitest, Jest, or a loop of one's
 * own runs it; it brings no dependency. The same questions are asked everywhere and always.
 */
import { answersOf, LAWS } from './compliance/laws.js';
import type { PiecePicker } from './picker.js';

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
  const findings = new Map<string, Finding>();
  for (let question = 0; question < questions; question++) {
    const answers = answersOf(picker, question);
    for (const { title, broken } of LAWS) {
      if (findings.has(title)) continue;
      const found = broken(answers);
      if (found !== undefined) findings.set(title, { law: title, question, found });
    }
  }
  return [...findings.values()];
}

/**
 * Declares one test for each law.
 * @param test - Of the test runner: `test` or `it` of Vitest or Jest.
 * @param expect - Of the same.
 */
export function describePicker(
  test: (title: string, check: () => void) => unknown,
  expect: (found: unknown) => { toEqual(expected: unknown): unknown },
  picker: PiecePicker,
): void {
  let findings: readonly Finding[] | undefined;
  for (const { title } of LAWS) {
    test(title, () => {
      findings ??= checkPicker(picker);
      expect(findings.filter(({ law }) => law === title)).toEqual([]);
    });
  }
}

/** Enough to find each of the mistakes that the suite's own tests make on purpose. */
const QUESTIONS = 300;
