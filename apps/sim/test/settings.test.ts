import { UsageError } from '@tstream/command-line';
import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../src/scenario-file.js';
import { parseSetting, parseSweep, withSetting } from '../src/settings.js';
import { SCENARIO } from './studies.js';

const set = (text: string) => withSetting(SCENARIO, parseSetting(text));

describe('parseSetting', () => {
  test.each([
    ['source.upload=2', 2],
    ['a=true', true],
    ['a=[1,2]', [1, 2]],
    ['a={"uniform":[1,2]}', { uniform: [1, 2] }],
    ['a=free-rider', 'free-rider'],
    ['a=x=y', 'x=y'],
    ['a=', ''],
  ])('%s', (text, value) => {
    expect(parseSetting(text).value).toEqual(value);
  });

  test.each(['source.upload', '=3', ''])("'%s' is refused", (text) => {
    expect(() => parseSetting(text)).toThrow(
      new UsageError(`--set '${text}': expected path=value, such as source.upload=2`),
    );
  });
});

describe('parseSweep', () => {
  test('commas part values, not what stands in brackets', () => {
    const settings = parseSweep('links.oneWayDelayMs=25,{"uniform":[1,9]},[3,4]');
    expect(settings.map(({ value }) => value)).toEqual([25, { uniform: [1, 9] }, [3, 4]]);
    expect(new Set(settings.map(({ path }) => path))).toEqual(new Set(['links.oneWayDelayMs']));
  });

  test('one value is no sweep', () => {
    expect(() => parseSweep('source.upload=2')).toThrow(/expected several values/);
  });
});

describe('withSetting', () => {
  test('changes one place and leaves the original alone', () => {
    expect(set('source.upload=2')).toEqual({ ...SCENARIO, source: { upload: 2 } });
    expect(SCENARIO.source.upload).toBe(4);
  });

  test('finds a class by its name or its number', () => {
    expect(set('peers.free-riders.count=7')).toEqual(set('peers.1.count=7'));
    expect(set('peers.1.count=7')).toMatchObject({ peers: [{ count: 10 }, { count: 7 }] });
  });

  test('sets what the scenario leaves out', () => {
    expect(set('policies.picker=random')).toMatchObject({ policies: { picker: 'random' } });
    expect(set('lagSeconds=3')).toMatchObject({ lagSeconds: 3 });
  });

  test.each([
    ['peers.nobody.count=1', '--set peers.nobody: no such path; peers has viewers, free-riders'],
    ['bounds.4.atMost=1', '--set bounds.4: no such path; bounds has 0'],
    ['seconds.x=1', '--set seconds.x: no such path; seconds is 20'],
  ])('%s leads nowhere', (text, says) => {
    expect(() => set(text)).toThrow(new UsageError(says));
  });

  test('a name of every object is no way to its prototype', () => {
    const changed = set('source.__proto__.upload=9') as { source: object };
    expect(Object.getPrototypeOf(changed.source)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['upload']).toBeUndefined();
  });
});

describe('scenarioOf', () => {
  const changed = (...texts: readonly string[]) =>
    scenarioOf({ path: 'a.json', json: SCENARIO }, texts.map(parseSetting));

  test('settings may make sense together only, in whatever order they come', () => {
    for (const texts of [
      ['seconds=4', 'measureFromSeconds=3'],
      ['measureFromSeconds=3', 'seconds=4'],
    ]) {
      expect(changed(...texts)).toMatchObject({ seconds: 4, measureFromSeconds: 3 });
    }
  });

  test('to blame is the setting after which nothing was right any more', () => {
    const fault = '--set seconds=4: measureFromSeconds: expected less than seconds, 4, got 5';
    expect(() => changed('neighbours=7', 'seconds=4', 'lagSeconds=1')).toThrow(new UsageError(fault));
    expect(() => changed('seconds=4', 'seconds=20', 'neighbours=0')).toThrow(/^--set neighbours=0: neighbours: /);
  });
});
