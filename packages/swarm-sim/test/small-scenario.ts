import type { Scenario } from '../src/index.js';

/** A dozen viewers for ten seconds, on links that lose nothing; changed as asked. */
export function smallScenario(changes: Partial<Scenario> = {}): Scenario {
  return {
    title: 'a dozen',
    about: 'small enough for any test',
    seconds: 10,
    measureFromSeconds: 3,
    video: { bitsPerSecond: 1_000_000, pieceBytes: 16_384, entryEverySeconds: 1 },
    neighbours: 6,
    links: { oneWayDelayMs: 20, lossPerMillion: 0 },
    source: { upload: 4 },
    peers: [{ name: 'viewers', count: 12, upload: 2, download: 10, behaviour: 'honest' }],
    bounds: [],
    ...changes,
  };
}
