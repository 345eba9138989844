import { type Choker, chokers } from '@tstream/g2g-choker';
import { type PiecePicker, pickers, type VodPicker, vodPickers } from '@tstream/piece-picker';

/** @throws {RangeError} If there is no picker of that name: a file is the caller's to load. */
export function pickerNamed(name: string): PiecePicker {
  return named(pickers, 'picker', name);
}

/** @throws {RangeError} If there is no picker of on-demand pieces of that name. */
export function vodPickerNamed(name: string): VodPicker {
  return named(vodPickers, 'picker', name);
}

/** @throws {RangeError} If there is no choker of that name. */
export function chokerNamed(name: string): Choker {
  return named(chokers, 'choker', name);
}

function named<Policy>(policies: Readonly<Record<string, Policy>>, kind: string, name: string): Policy {
  const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (policy === undefined) throw new RangeError(`${kind}: expected ${Object.keys(policies).join(', ')}, got ${name}`);
  return policy;
}
