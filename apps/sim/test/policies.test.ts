import { fileURLToPath } from 'node:url';
import { checkChoker } from '@tstream/g2g-choker/compliance';
import { checkPicker, checkVodPicker } from '@tstream/piece-picker/compliance';
import { describe, expect, test } from 'vitest';
import { choosePolicy, loadChoker, loadPicker, loadVodPicker, policyNames, tryPolicy } from '../src/policies.js';

const template = fileURLToPath(new URL('../template/', import.meta.url));

describe("the guide's templates", () => {
  test('my-picker.ts is a picker that keeps to every law', async () => {
    const choice = choosePolicy('picker', 'my-picker.ts', template);
    const picker = await loadPicker(choice);
    expect(picker && checkPicker(picker)).toEqual([]);
    expect(await tryPolicy(choice)).toBeUndefined();
  });

  test('my-vod-picker.ts is a picker of on-demand pieces that keeps to every law', async () => {
    const choice = choosePolicy('vodPicker', 'my-vod-picker.ts', template);
    const picker = await loadVodPicker(choice);
    expect(picker && checkVodPicker(picker)).toEqual([]);
    expect(await tryPolicy(choice)).toBeUndefined();
  });

  test('my-choker.ts is a choker that keeps to every law', async () => {
    const choice = choosePolicy('choker', 'my-choker.ts', template);
    const choker = await loadChoker(choice);
    expect(choker && checkChoker(choker)).toEqual([]);
    expect(await tryPolicy(choice)).toBeUndefined();
  });
});

test('ours go by name', () => {
  expect(choosePolicy('picker', 'rarest-first', '/x')).toEqual({
    kind: 'picker',
    label: 'rarest-first',
    file: undefined,
  });
  expect(policyNames('picker')).toContain('rarest-first');
  expect(policyNames('choker')).not.toContain('rarest-first');
  expect(policyNames('vodPicker')).not.toContain('newest-first');
});

test('a relative path starts from the folder of whoever named it', () => {
  expect(choosePolicy('choker', './a/mine.mjs', '/x')).toEqual({
    kind: 'choker',
    label: 'mine.mjs',
    file: '/x/a/mine.mjs',
  });
  expect(choosePolicy('choker', '/y/mine.cts', '/x')).toMatchObject({ file: '/y/mine.cts' });
  expect(() => choosePolicy('choker', 'toString', '/x')).toThrow(/'toString' is no choker: expected default, /);
});
