import { Command } from 'commander';
import { expect, test } from 'vitest';
import { refuseBoth } from '../src/index.js';

function parse(...given: string[]): unknown {
  const command = new Command().option('--tracker <url...>').option('--no-tracker');
  return refuseBoth(command, 'tracker').parse(given, { from: 'user' }).opts()['tracker'];
}

test('one of --NAME and --no-NAME is as ever, any number of times', () => {
  expect(parse()).toBeUndefined();
  expect(parse('--no-tracker')).toBe(false);
  expect(parse('--tracker', 'a', '--tracker', 'b')).toEqual(['a', 'b']);
});

test('both are refused, in either order', () => {
  for (const given of [
    ['--no-tracker', '--tracker', 'a'],
    ['--tracker', 'a', '--no-tracker'],
  ]) {
    expect(() => parse(...given)).toThrow('--tracker and --no-tracker contradict each other');
  }
});
