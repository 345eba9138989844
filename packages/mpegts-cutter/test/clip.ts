import { readFileSync } from 'node:fs';

/** The clip that a broadcast without an input shows. */
export const clip = (): Uint8Array =>
  new Uint8Array(readFileSync(new URL('../../../apps/source/assets/clip.mpegts', import.meta.url)));
