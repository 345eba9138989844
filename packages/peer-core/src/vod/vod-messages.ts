/** Each message of a neighbour's to the one that it concerns. */
import type { Block, Message } from '@tstream/wire-ext';
import type { ConnectionId } from '../inputs.js';
import { onAllowedFast, onChoke, onPiece, onReject, onUnchoke } from './arrivals.js';
import { onInterested, onNotInterested } from './choking.js';
import { onBitfield, onHave } from './possession.js';
import { onCancel, onRequest } from './serving.js';
import type { VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';
import { onVodWitness } from './vod-witnesses.js';

export function onVodMessage(state: VodState, id: ConnectionId, message: Message<Block>): void {
  const neighbour = state.neighbours.get(id);
  if (!neighbour) return;
  if (message.type === 'piece') return onPiece(state, neighbour, message.index, message.begin, message.block);
  if (neighbour.kind === 'webSeed') return;
  if (message.type === 'bitfield' || message.type === 'have-all' || message.type === 'have-none') {
    return onBitfield(state, neighbour, message);
  }
  read(state, neighbour, message);
}

function read(state: VodState, neighbour: VodNeighbour, message: Message<Block>): void {
  // The others, which belong to extensions, may go before a bitfield.
  if (COMES_AFTER_BITFIELD.has(message.type)) neighbour.greeted = true;
  switch (message.type) {
    case 'choke':
      return onChoke(state, neighbour);
    case 'unchoke':
      return onUnchoke(state, neighbour);
    case 'interested':
      return onInterested(state, neighbour);
    case 'not-interested':
      return onNotInterested(state, neighbour);
    case 'have':
      return onHave(state, neighbour, message.index);
    case 'request':
      return onRequest(state, neighbour, message);
    case 'cancel':
      return onCancel(state, neighbour, message);
    case 'reject':
      return onReject(state, neighbour, message.index, message.begin);
    case 'allowed-fast':
      return onAllowedFast(state, neighbour, message.index);
    case 'witness':
      return onVodWitness(state, neighbour, message);
    default:
    // Suggestions, PEX, metadata and the like: nothing of the core's.
  }
}

const COMES_AFTER_BITFIELD: ReadonlySet<Message['type']> = new Set<Message['type']>([
  ...(['choke', 'unchoke', 'interested', 'not-interested'] as const),
  ...(['have', 'request', 'cancel', 'reject'] as const),
]);
