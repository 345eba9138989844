/** What a seeder's port answers over HTTP: a page for everybody, figures for this machine. */
import { metricsText } from '@tstream/command-line';
import { answerBody, answerJson, answerText, pageRoute, type Route } from '@tstream/peer-net';
import type { VodMetainfo } from '@tstream/tstream-format';
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
    torrentRoute(site),
    {
      path: '/status.json',
      access: 'anyone',
      answer: (_request, response) => answerJson(response, publicFigures(site.figures())),
    },
    {
      path: '/stats.json',
      access: 'local',
      answer: (_request, response) => answerJson(response, site.figures() ?? {}),
    },
    {
      path: '/metrics',
      access: 'local',
      answer: (_request, response) => {
        metricsText('tstream_seeder', { ...site.figures() }, METRICS).then(
          ({ type, text }) => answerBody(response, type, text),
          () => response.writeHead(500).end(),
        );
      },
    },
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

function torrentRoute(site: SeederSite): Route {
  return {
    path: `/${encodeURIComponent(site.name)}.torrent`,
    access: 'anyone',
    answer: (_request, response) => {
      const torrent = site.torrent();
      if (!torrent) return void response.writeHead(503, { 'retry-after': '5' }).end();
      response.setHeader(
        'content-disposition',
        `attachment; filename*=UTF-8''${encodeURIComponent(site.name)}.torrent`,
      );
      // Anybody's page may offer this file: it is public and says so.
      response.setHeader('access-control-allow-origin', '*');
      answerBody(response, 'application/x-bittorrent', torrent.bytes);
    },
  };
}

/** Without addresses: who downloads is nobody's business. */
function publicFigures(figures: SeederFigures | undefined): object {
  if (!figures) return {};
  const { neighbours: _addresses, ...rest } = figures;
  return rest;
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
