import { draw } from './distributions.js';
import { Random } from './random.js';
import type { Rate, Scenario } from './scenario.js';

/** What the lines of each class carry, drawn peer by peer in the order in which they come: the same for a run and for its references. */
export class LineRates {
  readonly #classes: readonly ClassRates[];

  constructor({ peers }: Scenario, seed: number) {
    const random = new Random(seed + LINE_SEEDS);
    this.#classes = peers.map(({ upload, download }) => ({ upload, download, random: random.fork() }));
  }

  /** Of the next peer of a class, × the bitrate. */
  next(classIndex: number): { readonly upload: number; readonly download: number } {
    const { upload, download, random } = this.#classes[classIndex] as ClassRates;
    return { upload: draw(upload, random), download: draw(download, random) };
  }
}

interface ClassRates {
  readonly upload: Rate;
  readonly download: Rate;
  readonly random: Random;
}

/** Apart from the seeds of all else that is drawn. */
const LINE_SEEDS = 2 ** 36;
