/** The least of a web server that a web seed needs (RFC 9110 §14): files of a folder on loopback, whole or one range of bytes. */
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { pipeline } from 'node:stream';
import { onTestFinished } from 'vitest';

/** Serves a folder until the test ends; its URL ends with a slash. */
export async function startRangeServer(folder: string) {
  const server = createServer((request, response) => {
    const path = join(folder, normalize(decodeURIComponent(request.url ?? '/')));
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const [, from = '0', to = `${stats.size - 1}`] = /^bytes=(\d+)-(\d+)?$/.exec(request.headers.range ?? '') ?? [];
    const [start, end] = [Number(from), Math.min(Number(to), stats.size - 1)];
    if (request.headers.range === undefined) response.writeHead(200, { 'content-length': stats.size });
    else if (start > end) response.writeHead(416, { 'content-range': `bytes */${stats.size}` });
    else {
      response.writeHead(206, {
        'content-length': end - start + 1,
        'content-range': `bytes ${start}-${end}/${stats.size}`,
      });
    }
    if (start > end) response.end();
    else pipeline(createReadStream(path, { start, end }), response, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/` };
}
