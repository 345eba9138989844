/** What the source's port answers over HTTP: a page for everybody, figures for this machine. */
import { pageRoute, type Route } from '@tstream/peer-net';
import type { SourceFigures } from './figures.js';
import { figureRoutes, fileRoute } from './public-routes.js';

export interface SourceSite {
  readonly html: string;
  readonly name: string;
  /** Content of the `.tstream` file; undefined before it is written. */
  readonly metainfo: () => Uint8Array | undefined;
  /** Undefined before the broadcast has begun. */
  readonly figures: () => SourceFigures | undefined;
}

export function sourceRoutes(site: SourceSite): Route[] {
  return [
    pageRoute('/', site.html, 'anyone'),
    fileRoute({
      name: `${site.name}.tstream`,
      type: 'application/x-tstream',
      bytes: site.metainfo,
      retryAfterS: 2,
    }),
    ...figureRoutes(site.figures, 'tstream_source', METRICS),
  ];
}

const METRICS: Readonly<Partial<Record<keyof SourceFigures, string>>> = {
  run: 'Number of the run.',
  seq: 'Pieces published in this run.',
  peers: 'Connected neighbours.',
  viewersEver: 'Neighbours since the start.',
  inBytes: 'Bytes that came in.',
  upBytes: 'Bytes of video sent.',
  inBitsPerSecond: 'Bitrate of the input over ten seconds.',
  upBitsPerSecond: 'Upload.',
  heldByMedian: 'Share of neighbours that hold the piece made two seconds ago.',
  peersBanned: 'Neighbours sent away for what they did.',
};
