/** How a writer says what its caller did wrong. */

/** @throws {RangeError} With what was expected and what came, unless it `holds`. */
export function expectHolds(holds: boolean, expected: string, got: string | number): void {
  if (!holds) throw new RangeError(`expected ${expected}, got ${typeof got === 'string' ? JSON.stringify(got) : got}`);
}
