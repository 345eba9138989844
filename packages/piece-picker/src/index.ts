export { bitos } from './bitos.js';
export { deadline } from './deadline.js';
export { giveToGet2008 } from './give-to-get-2008.js';
export { inOrder } from './in-order.js';
export { newestFirst } from './newest-first.js';
export {
  type MissingPiece,
  type NeighbourView,
  type Offer,
  type OfferView,
  type PiecePicker,
  WANTS_MAX,
  type Want,
  type WantView,
} from './picker.js';
export { pickers } from './pickers.js';
export { random } from './random.js';
export { rarestFirst } from './rarest-first.js';
export { swarmplayerLive } from './swarmplayer-live.js';
export { vodBitos } from './vod/vod-bitos.js';
export { vodDeadline } from './vod/vod-deadline.js';
export { vodGiveToGet2008 } from './vod/vod-give-to-get-2008.js';
export { vodInOrder } from './vod/vod-in-order.js';
export {
  SCAN_PIECES_MAX,
  type VodNeighbourView,
  type VodPicker,
  type VodReaderView,
  type VodView,
} from './vod/vod-picker.js';
export { vodPickers } from './vod/vod-pickers.js';
export { vodRandom } from './vod/vod-random.js';
export { vodRarestFirst } from './vod/vod-rarest-first.js';
