/** What a whole piece turned out to be: it is held, or somebody is to blame. */
import { earn } from '@tstream/g2g-choker';
import { hold } from './possession.js';
import { advanceReaders } from './readers.js';
import { type Contribution, end, reopen, type Started } from './started.js';
import { closeVodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { noteVodReceipt } from './vod-witnesses.js';

export function onVerified(state: VodState, index: number, ok: boolean): void {
  const piece = state.started.get(index);
  if (!piece?.verifying) return;
  end(state, piece);
  if (ok) onGood(state, piece);
  else onBad(state, piece);
}

function onGood(state: VodState, piece: Started): void {
  state.doubtful.delete(piece.index);
  let most: Contribution | undefined;
  for (const contribution of piece.contributions.values()) {
    const { neighbour, bytes } = contribution;
    earn(neighbour.standing.account, bytes);
    neighbour.trust = Math.min(TRUST_MAX, neighbour.trust + 1);
    if (piece.contributions.size === 1) neighbour.onParole = false;
    if (!most || bytes > most.bytes) most = contribution;
  }
  hold(state, piece.index);
  advanceReaders(state);
  if (most && state.witnessing > 0) noteVodReceipt(state, piece.index, most.neighbour);
}

/**
 * Of one alone it is known that it sent bad bytes. Of several any may have: each of them then gets pieces of its own until one is good,
 * and the piece itself is taken from one alone (libtorrent's parole).
 */
function onBad(state: VodState, piece: Started): void {
  state.wastedBytes += piece.bytes;
  state.outputs.push({ type: 'abandon', index: piece.index });
  state.doubtful.add(piece.index);
  const alone = piece.contributions.size === 1;
  for (const { neighbour } of piece.contributions.values()) {
    neighbour.onParole = true;
    neighbour.asking.piece = undefined;
    neighbour.trust -= TRUST_LOST;
    if (alone || neighbour.trust <= TRUST_MIN) closeVodNeighbour(state, neighbour, 'bad-block', true);
  }
  reopen(state, piece.index);
}

/** libtorrent's trust points: who has a part in too many bad pieces goes, however many there were. */
const TRUST_MAX = 8;
const TRUST_LOST = 2;
const TRUST_MIN = -7;
