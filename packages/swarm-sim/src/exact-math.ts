/**
 * Logarithm and exponential that replay. ECMAScript leaves the digits of `Math.log` and `Math.exp` to the engine; these are built from
 * additions, multiplications and divisions alone, which IEEE 754 fixes to the last bit. They are right to about 15 digits.
 */

/**
 * Natural logarithm.
 * @param x - Above 0, finite.
 */
export function ln(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > SQRT_2; exponent += 1) mantissa /= 2;
  for (; mantissa < SQRT_2 / 2; exponent -= 1) mantissa *= 2;
  // ln m = 2 artanh((m − 1) / (m + 1)), whose argument is below 0.172: each term is a thirtieth of the one before.
  const step = (mantissa - 1) / (mantissa + 1);
  const square = step * step;
  let sum = 0;
  for (let term = LN_TERMS; term >= 1; term -= 1) sum = sum * square + 1 / (2 * term - 1);
  return exponent * LN_2 + 2 * step * sum;
}

/**
 * e to the power of `x`.
 * @param x - −700 … 700.
 */
export function exp(x: number): number {
  const halvings = Math.round(x / LN_2);
  const rest = x - halvings * LN_2;
  let sum = 1;
  for (let term = EXP_TERMS; term >= 1; term -= 1) sum = 1 + (sum * rest) / term;
  let result = sum;
  for (let i = 0; i < Math.abs(halvings); i += 1) result = halvings > 0 ? result * 2 : result / 2;
  return result;
}

const LN_2 = Math.LN2;
const SQRT_2 = Math.SQRT2;
/** 0.172 to the power of 26 is below what a double tells apart from 1. */
const LN_TERMS = 13;
/** 0.347 to the power of 16, over 16!, is far below that. */
const EXP_TERMS = 16;
