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
