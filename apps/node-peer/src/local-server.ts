/** The web server of a viewer or downloader: for this machine only. */
import type { Server } from 'node:http';
import { Failure, metricsText, systemReason } from '@tstream/command-line';
import { answerBody, createBoundedHttpServer, type Route, serveRoutes } from '@tstream/peer-net';

export interface LocalSite {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

/** @throws {Failure} If the port can't be had. */
export async function openLocalServer(port: number, routes: readonly Route[]): Promise<LocalSite> {
  const server = createBoundedHttpServer();
  serveRoutes(server, { routes });
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

/** `/metrics` for Prometheus. */
export function metricsRoute(figures: () => object, helps: Readonly<Record<string, string>>): Route {
  return {
    path: '/metrics',
    access: 'local',
    answer: (_request, response) => {
      metricsText('tstream_peer', { ...figures() }, helps).then(
        ({ type, text }) => answerBody(response, type, text),
        () => response.writeHead(500).end(),
      );
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
