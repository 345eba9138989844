/** What a viewer of a torrent answers on this machine: the page, its files as they come in, the figures. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, answerText, FileServer, pageRoute, type Route, type Torrent } from '@tstream/peer-net';
import { hex, type VodMetainfo } from '@tstream/tstream-format';
import { figuresRoutes, type LocalSite, openLocalServer } from '../local-server.js';
import { readBitrate, viewFigures } from './view-figures.js';

/** @throws {Failure} If the port can't be had. */
export async function openTorrentSite(port: number, torrent: Torrent, film: number): Promise<LocalSite> {
  const html = await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/vod-viewer.html'), 'utf8');
  const files = new FileServer();
  return openLocalServer(port, [
    pageRoute('/', html, 'local'),
    {
      path: '/files/*',
      access: 'local',
      answer: (request, response, url) => answerFile(files, torrent, request, response, url),
    },
    {
      path: '/stats.json',
      access: 'local',
      answer: (_request, response, url) => answerJson(response, viewFigures(torrent, film, url.searchParams)),
    },
    ...figuresRoutes(() => torrent.figures(), METRICS),
  ]);
}

/** `/files/N/NAME`: the name is for whoever saves it, and may be any. */
export function filePath(metainfo: VodMetainfo, index: number): string {
  return `/files/${index + 1}/${encodeURIComponent(metainfo.files[index]?.path.at(-1) ?? '')}`;
}

function answerFile(
  files: FileServer,
  torrent: Torrent,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): void {
  const { metainfo } = torrent;
  const index = Number(/^\/files\/([1-9]\d{0,5})(?:\/|$)/.exec(url.pathname)?.[1] ?? 0) - 1;
  const file = metainfo.files[index];
  if (file === undefined || file.isPadding) return answerText(response, 404, 'no such file');
  void files.serve(request, response, {
    name: file.path.at(-1) ?? '',
    lengthBytes: file.lengthBytes,
    etag: `"${hex(metainfo.infohash)}-${index + 1}"`,
    read: (fromByte, toByte, signal) => torrent.read(index, fromByte, toByte, { signal }),
  });
}
