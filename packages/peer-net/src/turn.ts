/** The end of a turn of the event loop: when all that came in with it is handled, and before anything else comes in. */

/** Calls back at the end of this turn, in the order of asking; of what asks there, in the same one. */
export function atEndOfTurn(work: () => void): void {
  if (works.push(work) === 1) setImmediate(endTurn);
}

function endTurn(): void {
  try {
    // It grows meanwhile.
    for (const work of works) work();
  } finally {
    works = [];
  }
}

let works: (() => void)[] = [];
