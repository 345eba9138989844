/** What a seeder's port answers over HTTP: a page for everybody, figures for this machine. */
import { answerBody, answerText, pageRoute, type Route } from '@tstream/peer-net';
import type { VodMetainfo } from '@tstream/tstream-format';
import { figureRoutes, fileRoute } from '../public-routes.js';
import type { SeederFigures } from './figures.js';
import { thumbType } from './thumbs.js';

export interface SeederSite {
  readonly html: string;
  readonly name: string;
  /** The `.torrent` file; undefined before it is made. */
  readonly torrent: () => { readonly metainfo: VodMetainfo; readonly bytes: Uint8Array } | undefined;
  /** Undefined before seeding has begun. */
  readonly figures: () => SeederFigures | undefined;
}

export function seederRoutes(site: SeederSite): Route[] {
  return [
    pageRoute('/', site.html, 'anyone'),
    fileRoute({
      name: `${site.name}.torrent`,
      type: 'application/x-bittorrent',
      bytes: () => site.torrent()?.bytes,
      retryAfterS: 5,
    }),
    ...figureRoutes(site.figures, 'tstream_seeder', METRICS),
  ];
}

/**
 * A route for each of as many pictures as there may be files: which ones there are is known only when the torrent is made.
 * @param files - How many files there are.
 */
export function thumbRoutes(site: SeederSite, files: number): Route[] {
  return Array.from({ length: files }, (_, at) => ({
    path: `/thumbs/${at + 1}`,
    access: 'anyone',
    answer: (_request, response) => {
      const thumb = site.torrent()?.metainfo.perFile[at]?.thumb;
      if (thumb) answerBody(response, thumbType(thumb), thumb);
      else answerText(response, 404, 'this file has no picture');
    },
  }));
}

const METRICS: Readonly<Partial<Record<keyof SeederFigures, string>>> = {
  lengthBytes: 'Size of the content.',
  peers: 'Connected neighbours.',
  peersEver: 'Neighbours since the start.',
  seeders: 'Neighbours that have everything.',
  upBytes: 'Bytes sent.',
  upBitsPerSecond: 'Upload.',
  peersBanned: 'Neighbours sent away for what they did.',
};
