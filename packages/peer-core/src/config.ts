import type { Choker } from '@tstream/g2g-choker';
import type { PiecePicker } from '@tstream/piece-picker';

/** What a peer is there for. A source publishes, a viewer plays at a lag, a seed keeps the whole window. */
export type Role = 'source' | 'viewer' | 'seed';

/** What a {@link Peer} is made from: data and pure functions. */
export interface PeerConfig {
  readonly role: Role;
  /** Pieces on the ring, from the metainfo. */
  readonly ringPieces: number;
  /** Pieces that are valid at a time, from the metainfo. */
  readonly windowPieces: number;
  /** Piece length of the metainfo, bytes. */
  readonly pieceBytes: number;
  /** Pieces that the driver can keep, at most `windowPieces`; older ones are discarded. */
  readonly keepPieces: number;
  /** Upload limit over all connections, bytes per second; Infinity for none. */
  readonly uploadBytesPerSecond: number;
  /** Fixed lag of the virtual reader, milliseconds; undefined: measured and adapted. */
  readonly lagMs?: number | undefined;
  /** Pieces are delivered as soon as they are whole and in order, not when due: for a recording. The lag still says how long a missing one is awaited. */
  readonly eager?: boolean | undefined;
  readonly picker: PiecePicker;
  readonly choker: Choker;
  /** Uniform integer in [0, below). The only source of chance. */
  readonly random: (below: number) => number;
}
