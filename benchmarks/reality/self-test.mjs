// Whether the switch does what it is believed to do: delays, rates, and who waits for whom.
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createNetwork } from './network.mjs';

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));
const SECONDS = 5;
const TOLERANCE = 0.1;
const PACKET_BYTES = 1500;
/** What of a packet is not head: IPv4 and TCP with time stamps take 52 bytes. */
const PAYLOAD_SHARE = 1448 / PACKET_BYTES;
const NARROW = { uploadBytesPerSecond: 187_500, downloadBytesPerSecond: 375_000 };
const WIDE = { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity };

/**
 * @param {number} delayMs - As the scenario has it.
 * @returns {Promise<{ what: string, expected: number, found: number, ok: boolean }[]>}
 */
export async function testSwitch(delayMs) {
  const network = await createNetwork([NARROW, WIDE], delayMs);
  const [narrow, wide] = /** @type {[import('./network.mjs').Host, import('./network.mjs').Host]} */ (network.hosts);
  const narrowEnd = probe(narrow, 'listen', narrow.address);
  const wideEnd = probe(wide, 'listen', wide.address);
  await Promise.all([next(narrowEnd), next(wideEnd)]);
  const { medianMs: idleMs } = await next(probe(narrow, 'ping', wide.address));
  for (let i = 0; i < 2; i++) probe(narrow, 'send', wide.address, `${SECONDS}`);
  const { medianMs: busyMs } = await next(probe(narrow, 'ping', wide.address));
  const up = [await next(wideEnd), await next(wideEnd)].map(({ bytesPerSecond }) => bytesPerSecond);
  probe(wide, 'send', narrow.address, `${SECONDS}`);
  const { bytesPerSecond: down } = await next(narrowEnd);
  for (const { child } of [narrowEnd, wideEnd]) {
    child.disconnect();
    await once(child, 'exit');
  }
  await network.close();
  const upload = NARROW.uploadBytesPerSecond * PAYLOAD_SHARE;
  const packetMs = (1000 * PACKET_BYTES) / NARROW.uploadBytesPerSecond;
  return [
    near('round trip, ms', 2 * delayMs, idleMs),
    // It waits for the packet that is leaving, half of one on average, and never for those that queue.
    { ...near('round trip past a full queue, ms', 2 * delayMs, busyMs), ok: busyMs < 2 * delayMs * 1.1 + packetMs },
    near('upload of two connections, kB/s', upload / 1000, (up[0] + up[1]) / 1000),
    near('of it the first one, kB/s', upload / 2000, up[0] / 1000),
    near('download, kB/s', (NARROW.downloadBytesPerSecond * PAYLOAD_SHARE) / 1000, down / 1000),
  ];
}

/**
 * @param {string} what
 * @param {number} expected
 * @param {number} found
 */
function near(what, expected, found) {
  return { what, expected, found, ok: Math.abs(found - expected) <= TOLERANCE * expected };
}

/**
 * @param {import('./network.mjs').Host} host
 * @param {string[]} args
 */
function probe({ enter }, ...args) {
  const [command, ...rest] = [...enter, process.execPath, PROBE, ...args];
  const child = spawn(/** @type {string} */ (command), rest, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  return { child, lines: on(createInterface({ input: child.stdout }), 'line') };
}

/** What a probe says next. @param {{ lines: AsyncIterator<any> }} probe */
async function next({ lines }) {
  const { value } = await lines.next();
  return JSON.parse(value[0]);
}
