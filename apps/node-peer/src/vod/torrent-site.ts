/** What a viewer of a torrent answers on this machine: the page, its files as they come in, the figures. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { answerJson, answerText, FileServer, pageRoute, type Torrent } from '@tstream/peer-net';
import { hex, type VodMetainfo } from '@tstream/tstream-format';
import { type LocalSite, metricsRoute, openLocalServer } from '../local-server.js';
import { readFilmView, viewFigures } from './view-figures.js';

/**
 * @param film - Index of the file that is shown first.
 * @param trouble - What is wrong now, in a line; empty: nothing.
 * @throws {Failure} If the port can't be had.
 */
export async function openTorrentSite(
  port: number,
  torrent: Torrent,
  film: number,
  trouble: () => string,
): Promise<LocalSite> {
  const html = await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/vod-viewer.html'), 'utf8');
  const files = new FileServer();
  // Until somebody reads, the beginning comes in first: most begin there.
  const prebuffer = torrent.read(film, 0, torrent.metainfo.files[film]?.lengthBytes ?? 0, { playing: false });
  // How long each file is, as a browser found out.
  const durationsMs = new Map<number, number>();
  return openLocalServer(port, [
    pageRoute('/', html, 'local'),
    {
      path: '/files/*',
      access: 'local',
      answer: (request, response, url) => {
        void prebuffer.return?.();
        answerFile(files, torrent, durationsMs, request, response, url);
      },
    },
    {
      path: '/stats.json',
      access: 'local',
      answer: (_request, response, url) => {
        const view = readFilmView(url.searchParams, torrent.metainfo, film);
        if (view.durationMs !== undefined) durationsMs.set(view.film, view.durationMs);
        answerJson(response, viewFigures(torrent, view, trouble()));
      },
    },
    metricsRoute(() => torrent.figures(), METRICS),
  ]);
}

/** `/files/N/NAME`: the name is for whoever saves it, and may be any. */
export function filePath(metainfo: VodMetainfo, index: number): string {
  return `/files/${index + 1}/${encodeURIComponent(metainfo.files[index]?.path.at(-1) ?? '')}`;
}

function answerFile(
  files: FileServer,
  torrent: Torrent,
  durationsMs: ReadonlyMap<number, number>,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): void {
  const { metainfo } = torrent;
  const index = Number(/^\/files\/([1-9]\d{0,5})(?:\/|$)/.exec(url.pathname)?.[1] ?? 0) - 1;
  const file = metainfo.files[index];
  if (file === undefined || file.isPadding) return answerText(response, 404, 'no such file');
  const durationMs = durationsMs.get(index);
  const bitrate = durationMs === undefined ? undefined : (file.lengthBytes * 8000) / durationMs;
  void files.serve(request, response, {
    name: file.path.at(-1) ?? '',
    lengthBytes: file.lengthBytes,
    etag: `"${hex(metainfo.infohash)}-${index + 1}"`,
    read: (fromByte, toByte, signal) => torrent.read(index, fromByte, toByte, { bitrate, signal }),
  });
}

const METRICS: Readonly<Record<string, string>> = {
  lengthBytes: 'Of all files.',
  bytesHeld: 'Verified, of all files.',
  bytesWanted: 'Of the files that are wanted.',
  bytesWantedHeld: 'Verified, of the files that are wanted.',
  pieces: 'How many pieces there are.',
  piecesHeld: 'Pieces that are verified.',
  peers: 'Connected neighbours and web seeds.',
  readers: 'Players that read.',
  downBytes: 'Bytes received.',
  upBytes: 'Bytes sent.',
  wastedBytes: 'Blocks that came for nothing.',
  downBitsPerSecond: 'Download.',
  upBitsPerSecond: 'Upload.',
  availableCopies: 'Whole copies among the neighbours.',
  peersBanned: 'Neighbours sent away for what they did.',
};
