import { randomInt } from 'node:crypto';

/** Uniform integer in [0, below). */
export function random(below: number): number {
  return randomInt(below);
}
