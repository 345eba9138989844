export { newestFirst } from './newest-first.js';
export {
  type MissingPiece,
  type NeighbourView,
  type Offer,
  type OfferView,
  type PiecePicker,
  type Want,
  WANTS_MAX,
  type WantView,
} from './picker.js';
