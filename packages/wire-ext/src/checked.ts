/** Numbers of a caller's message, on their way out. @throws {RangeError} If it isn't a whole number min..max. */
export function checkedWhole(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`expected ${name} ${min}..${max}, got ${value}`);
}
