/** The report: the built page with a study in it. One file, which needs nothing but a browser. */
import { readFile, writeFile } from 'node:fs/promises';
import { Failure, systemReason } from '@tstream/command-line';
import type { Study } from './study.js';

/** @throws {Failure} If the file can't be written. */
export async function writeReport(path: string, study: Study): Promise<void> {
  const page = await readFile(new URL('./report.html', import.meta.url), 'utf8');
  try {
    await writeFile(path, fillPage(page, study));
  } catch (error) {
    throw new Failure(`cannot write ${path}: ${systemReason(error)}`, { cause: error });
  }
}

/** @throws {Error} If the page has no place for a study. */
export function fillPage(page: string, study: Study): string {
  if (!page.includes(PLACE)) throw new Error(`expected ${PLACE} in the page`);
  // Nothing within a text can end the element.
  const json = JSON.stringify(withoutPairs(study)).replaceAll('<', '\\u003c');
  return page.replace(PLACE, () => PLACE.replace('null', () => json));
}

/** Pairs of peers are drawn for the first seed of each variant: of others they would be a page's worth of megabytes. */
function withoutPairs({ variants, ...study }: Study): Study {
  const lean = variants.map((variant) => ({
    ...variant,
    results: variant.results.map((result, i) =>
      i === 0 ? result : { ...result, fedBy: { ...result.fedBy, peers: null } },
    ),
  }));
  return { ...study, variants: lean };
}

const PLACE = '<script type="application/json" id="study">null</script>';
