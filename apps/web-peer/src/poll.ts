const ANSWER_MS_MAX = 4000;

/**
 * Asks for a JSON document over and over, one question at a time.
 * @param url - Where, relative to the page; said anew for each question.
 * @param intervalMs - From one answer to the next question.
 * @param answered - Called with each parsed answer.
 * @param silent - Called instead when there was none: refused, too late, not 2xx, not JSON; with the number in a row.
 */
export function pollJson(
  url: () => string,
  intervalMs: number,
  answered: (json: unknown) => void,
  silent: (timesInARow: number) => void,
): void {
  let failures = 0;
  const ask = async (): Promise<void> => {
    const answer = await fetchJson(url());
    if (answer.ok) {
      failures = 0;
      answered(answer.value);
    } else {
      failures += 1;
      silent(failures);
    }
    setTimeout(ask, intervalMs);
  };
  void ask();
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

async function fetchJson(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (!response.ok) return { ok: false };
    return { ok: true, value: await response.json() };
  } catch {
    return { ok: false };
  }
}
