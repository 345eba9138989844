import { equalBytes } from './bytes.js';

/**
 * Remembers what was derived from the last few keys, so that a key object is made once and not for each header.
 * The key that was used longest ago makes room.
 */
export function recentKeys<V>(capacity: number, derive: (key: Uint8Array) => V): (key: Uint8Array) => V {
  const entries: { key: Uint8Array; value: V }[] = [];
  return (key) => {
    const found = entries.findIndex((entry) => equalBytes(entry.key, key));
    if (found === 0) return (entries[0] as { value: V }).value;
    const entry = found > 0 ? entries.splice(found, 1)[0] : undefined;
    const front = entry ?? { key: key.slice(), value: derive(key) };
    entries.unshift(front);
    if (entries.length > capacity) entries.pop();
    return front.value;
  };
}

/** A stream's key, its current run and the one before it, for several streams in one process. */
export const RECENT_KEYS = 16;
