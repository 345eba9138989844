export type { HostPort } from './address.js';
export { parseHostPort } from './address.js';
export { StorageError } from './disk-slots.js';
export {
  answerBody,
  answerJson,
  answerText,
  pageRoute,
  type Route,
  type RouteTable,
  serveRoutes,
} from './http-routes.js';
export { linger } from './linger.js';
export { createBoundedHttpServer, PortError } from './listener.js';
export { loadMetainfo, MetainfoError } from './load-metainfo.js';
export type { Ban } from './neighbours.js';
export { createSwarmNode, type SwarmNode, type SwarmNodeOptions } from './node.js';
export type { ReaderOptions } from './readers.js';
export type { Swarm, SwarmEvent, SwarmOptions } from './swarm.js';
export type { NeighbourFigures, SwarmFigures } from './swarm-figures.js';
export { type HashFilesOptions, hashFiles, type SourceFile } from './vod/hash-files.js';
export { HashError } from './vod/hash-pool.js';
export { isPlayable } from './vod/media-type.js';
export type { FetchMetainfoOptions, MetainfoProgress } from './vod/metadata-fetch.js';
export { FileServer, type ServedFile } from './vod/serve-file.js';
export type { Torrent } from './vod/torrent.js';
export type { FileFigures, TorrentFigures, TorrentNeighbourFigures } from './vod/torrent-figures.js';
export type { ReadOptions, TorrentEvent, TorrentOptions } from './vod/torrent-options.js';
