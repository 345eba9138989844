/** What the source's port answers over HTTP: a page for everybody, figures for this machine. */
import { metricsText } from '@tstream/command-line';
import { answerBody, answerJson, pageRoute, type Route } from '@tstream/peer-net';
import type { SourceFigures } from './figures.js';

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
    {
      path: `/${encodeURIComponent(site.name)}.tstream`,
      access: 'anyone',
      answer: (_request, response) => {
        const bytes = site.metainfo();
        if (!bytes) return void response.writeHead(503, { 'retry-after': '2' }).end();
        response.setHeader(
          'content-disposition',
          `attachment; filename*=UTF-8''${encodeURIComponent(site.name)}.tstream`,
        );
        // Anybody's page may offer this file: it is public and says so.
        response.setHeader('access-control-allow-origin', '*');
        answerBody(response, 'application/x-tstream', bytes);
      },
    },
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
        metricsText('tstream_source', { ...site.figures() }, METRICS).then(
          ({ type, text }) => answerBody(response, type, text),
          () => response.writeHead(500).end(),
        );
      },
    },
  ];
}

/** Without addresses: who watches is nobody's business. */
function publicFigures(figures: SourceFigures | undefined): object {
  if (!figures) return {};
  const { neighbours: _addresses, ...rest } = figures;
  return rest;
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
