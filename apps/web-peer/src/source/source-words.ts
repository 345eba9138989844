import { formatDuration, formatMultiple, formatShare } from '../format.js';
import { shellWord } from '../link/shell-word.js';
import type { InputState, SourceStatus } from './source-status.js';

/** The word in the page's corner. */
export const STATE_WORDS: Readonly<Record<InputState, string>> = {
  live: 'Live',
  paused: 'Input paused',
  retrying: 'Input lost, trying again',
  ended: 'Ended',
};

/** One sentence under the title. */
export function liveSentence(status: SourceStatus): string {
  const on = status.uptimeMs > 0 ? ` for ${formatDuration(status.uptimeMs)}` : '';
  switch (status.inputState) {
    case 'live':
      return `On air${on}.`;
    case 'paused':
      return `On air${on}; nothing comes from the camera or encoder at the moment.`;
    case 'retrying':
      return `On air${on}; the input broke off and is being opened again.`;
    case 'ended':
      return 'This broadcast is over.';
  }
}

interface Health {
  readonly word: string;
  readonly text: string;
}

const HEALTHY_SHARE = 0.85;
const FAIR_SHARE = 0.5;

/** How well the swarm keeps up with the source. */
export function health(status: SourceStatus): Health {
  if (status.peers === 0) return { word: '–', text: 'nobody watches yet' };
  const percent = `${formatShare(status.heldByMedian, 1)} of neighbours hold what was made ${formatDuration(2000)} ago`;
  if (status.heldByMedian >= HEALTHY_SHARE) return { word: 'good', text: percent };
  return { word: status.heldByMedian >= FAIR_SHARE ? 'fair' : 'strained', text: percent };
}

/** The upload beside what it would be if nobody passed anything on. */
export interface Saving {
  readonly withSharing: string;
  readonly without: string;
  /** Length of the first bar as a share, 0 … 1, of the second one's. */
  readonly share: number;
}

/** @returns Undefined while there are too few viewers for a comparison to say anything. */
export function saving(status: SourceStatus): Saving | undefined {
  if (status.peers < 2 || status.uploadMultiple <= 0) return undefined;
  return {
    withSharing: formatMultiple(status.uploadMultiple),
    without: formatMultiple(status.peers),
    share: Math.min(1, status.uploadMultiple / status.peers),
  };
}

/** The commands that this page gives, for the link. */
export function commands(url: string): { readonly id: string; readonly text: string }[] {
  const link = shellWord(url);
  return [
    { id: 'watch', text: `tstream-peer watch ${link}` },
    { id: 'watch-vlc', text: `tstream-peer watch ${link} --player vlc` },
    { id: 'seed', text: `tstream-peer seed ${link}` },
  ];
}
