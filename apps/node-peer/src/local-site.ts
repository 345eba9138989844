/** What a viewer of a live stream answers on this machine: the page, the video, the figures. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { answerJson, pageRoute, type Swarm } from '@tstream/peer-net';
import { type LocalSite, metricsRoute, openLocalServer } from './local-server.js';

/** @throws {Failure} If the port can't be had. */
export async function openLocalSite(port: number, swarm: Swarm): Promise<LocalSite> {
  const html = await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/viewer.html'), 'utf8');
  return openLocalServer(port, [
    pageRoute('/', html, 'local'),
    {
      path: '/stream',
      access: 'local',
      answer: (request, response) => {
        response.writeHead(200, { 'content-type': 'video/mp2t' });
        if (request.method === 'HEAD') response.end();
        else swarm.addReader(response);
      },
    },
    { path: '/stats.json', access: 'local', answer: (_request, response) => answerJson(response, swarm.figures()) },
    metricsRoute(() => swarm.figures(), METRICS),
  ]);
}

const METRICS: Readonly<Record<string, string>> = {
  peers: 'Connected neighbours.',
  downBytes: 'Bytes received.',
  upBytes: 'Bytes sent.',
  downBitsPerSecond: 'Download.',
  upBitsPerSecond: 'Upload.',
  bytesFromSource: 'Video received from the source.',
  bytesFromPeers: 'Video received from other peers.',
  edgeSeq: 'Newest piece that is proven to exist.',
  playSeq: 'Newest piece that was played.',
  latencyMs: 'Now minus the source time of what is played.',
  bufferMs: 'Video that is here beyond what is played.',
  stalls: 'How often playing stalled.',
  stallMs: 'How long playing stalled.',
  piecesDropped: 'Pieces that were not played as they came too late.',
  piecesRejected: 'Pieces whose signature or digest did not hold.',
  peersBanned: 'Neighbours sent away for what they did.',
  heldPieces: 'Pieces held.',
};
