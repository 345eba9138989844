// What the switch is tested with: node probe.mjs listen ADDRESS | ping ADDRESS | send ADDRESS SECONDS
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../common/statistics.mjs';

const PORT = 7000;
const PINGS = 15;
/** Until TCP has found the rate. */
const SETTLE_MS = 1500;
const [role, address = '', seconds] = process.argv.slice(2);

process.once('disconnect', () => process.exit());
if (role === 'listen') listen();
else if (role === 'ping') tell({ medianMs: await ping() });
else await send(Number(seconds) * 1000);

/** Tells of each connection at its end how much came in, without its beginning. */
function listen() {
  const echo = createSocket('udp4').bind(PORT, address);
  echo.on('message', (bytes, from) => echo.send(bytes, from.port, from.address));
  const server = createServer((socket) => {
    const openedMs = performance.now();
    let settledMs = 0;
    let lastMs = 0;
    let bytes = 0;
    socket.on('data', (chunk) => {
      lastMs = performance.now();
      if (settledMs > 0) bytes += chunk.length;
      else if (lastMs - openedMs > SETTLE_MS) settledMs = lastMs;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => tell({ bytesPerSecond: (bytes * 1000) / (lastMs - settledMs) }));
  });
  server.listen(PORT, address, () => tell({ listening: true }));
}

/** Median of some round trips, one after the other. */
async function ping() {
  const socket = createSocket('udp4');
  const timesMs = [];
  for (let i = 0; i < PINGS; i++) {
    const sentMs = performance.now();
    socket.send('ping', PORT, address);
    await once(socket, 'message');
    timesMs.push(performance.now() - sentMs);
    await sleep(50);
  }
  socket.close();
  return median(timesMs);
}

/** Sends as fast as the line takes it. */
async function send(/** @type {number} */ forMs) {
  const socket = connect({ host: address, port: PORT });
  await once(socket, 'connect');
  const chunk = Buffer.alloc(65_536);
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) if (!socket.write(chunk)) await once(socket, 'drain');
  socket.resetAndDestroy();
}

function tell(/** @type {unknown} */ what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  if (role !== 'listen') process.disconnect();
}
