import type { Choker } from '@tstream/g2g-choker';
import type { VodPicker } from '@tstream/piece-picker';

/** What a {@link VodPeer} is made from: data and pure functions. */
export interface VodConfig {
  /** Of the whole torrent, all files one after another, bytes. */
  readonly lengthBytes: number;
  readonly pieceBytes: number;
  /** 1 for each piece that is on the disk and verified; as many as there are pieces. The peer takes it over. */
  readonly held: Uint8Array;
  /** 1 for each piece that is wanted; undefined: all. The peer takes it over. */
  readonly wanted?: Uint8Array | undefined;
  /**
   * It alone brings the torrent into the swarm: as long as nobody else has a piece, it is shown to one neighbour at a time (BEP 16). Of who holds all
   * of it; of others it changes nothing.
   */
  readonly superSeeding?: boolean | undefined;
  /** Upload limit over all connections, bytes per second, above 0; Infinity for none. */
  readonly uploadBytesPerSecond: number;
  /** Download limit, likewise. */
  readonly downloadBytesPerSecond: number;
  readonly picker: VodPicker;
  readonly choker: Choker;
  /** Uniform integer in [0, below). The only source of chance. */
  readonly random: (below: number) => number;
}
