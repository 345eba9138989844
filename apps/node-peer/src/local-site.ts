/** The viewer's own web server: the page, the video, the figures. For this machine only. */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { Failure, metricsText, systemReason } from '@tstream/command-line';
import { answerBody, answerJson, createBoundedHttpServer, pageRoute, type Swarm, serveRoutes } from '@tstream/peer-net';

export interface LocalSite {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

/** @throws {Failure} If the port can't be had. */
export async function openLocalSite(port: number, swarm: Swarm): Promise<LocalSite> {
  const html = await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/viewer.html'), 'utf8');
  const server = createBoundedHttpServer();
  serveRoutes(server, {
    routes: [
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
      {
        path: '/metrics',
        access: 'local',
        answer: (_request, response) => {
          metricsText('tstream_peer', { ...swarm.figures() }, METRICS).then(
            ({ type, text }) => answerBody(response, type, text),
            () => response.writeHead(500).end(),
          );
        },
      },
    ],
  });
  await listen(server, port);
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Failure(`cannot open port ${port} for the page: ${systemReason(error)}; give another with --port`, {
          cause: error,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
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
