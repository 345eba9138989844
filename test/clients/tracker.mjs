// The least of a tracker (BEP 3, BEP 23) for one swarm on loopback: everybody hears of everybody.
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @param {readonly number[]} [ports] - Of peers on 127.0.0.1 that announce nothing themselves.
 */
export async function startTracker(ports = []) {
  const known = new Set(ports);
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://tracker').searchParams;
    const port = Number(asked.get('port'));
    if (asked.get('event') === 'stopped') known.delete(port);
    else known.add(port);
    const others = [...known].filter((other) => other !== port);
    const peers = Buffer.concat(others.map((other) => Buffer.from([127, 0, 0, 1, other >> 8, other & 255])));
    const head = `d8:completei0e10:incompletei${others.length}e8:intervali1e12:min intervali1e5:peers${peers.length}:`;
    response.end(Buffer.concat([Buffer.from(head), peers, Buffer.from('e')]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/announce`,
    /** Ports of all that are in the swarm now. */
    ports: () => [...known],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A port that nobody has right now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
