// Network namespaces, one for each process, and the switch between them.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SWITCH = fileURLToPath(new URL('switch.py', import.meta.url));
const DEVICE = 'tun0';
/** Ethernet's: what the simulator's packets are, too. */
const MTU_BYTES = 1500;
/**
 * By loss, and allowed in every namespace. cubic, which most systems have, does the same on lines as narrow as these (RFC 9438 §4.3);
 * what a machine happens to have may be another kind.
 */
const CONGESTION_CONTROL = 'reno';

/** Of real-time processes: what else the machine does must not be what is measured. The switch is above them. */
const PRIORITY = '1';

/** @type {Set<string>} */
const namespaces = new Set();
let created = 0;
process.on('exit', () => {
  for (const namespace of namespaces) removeNamespace(namespace);
});

/**
 * @typedef {{ uploadBytesPerSecond: number, downloadBytesPerSecond: number }} Line - Infinity: no limit.
 * @typedef {{ namespace: string, address: string, enter: string[] }} Host - `enter`: what runs a command there.
 */

/**
 * Connects so many namespaces by lines. Each has an address in a /24 of its own, as households have.
 * @param {Line[]} lines
 * @param {number} delayMs - One way, between any two.
 */
export async function createNetwork(lines, delayMs) {
  const hosts = lines.map((_, i) => createHost(`10.78.${i + 1}.1`));
  const config = {
    delayMs,
    // JSON has no Infinity: null stands for it.
    lines: lines.map((line, i) => ({ namespace: hosts[i]?.namespace, address: hosts[i]?.address, ...line })),
  };
  const child = spawn('python3', [SWITCH, JSON.stringify(config)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: ready } = await said.next();
  if (ready !== 'ready') throw new Error('the switch did not start');
  for (const { namespace, address } of hosts) {
    ip('-n', namespace, 'address', 'add', `${address}/16`, 'dev', DEVICE);
    ip('-n', namespace, 'link', 'set', DEVICE, 'mtu', `${MTU_BYTES}`, 'up');
  }
  return {
    hosts,
    /** Takes everything down. @returns What the switch says of itself. */
    async close() {
      child.stdin.end();
      const { value: figures } = await said.next();
      await once(child, 'exit');
      for (const { namespace } of hosts) removeNamespace(namespace);
      return JSON.parse(figures);
    },
  };
}

/**
 * What a host has put on its line, packets' heads included.
 * @param {Host} host
 */
export function sentBytes({ namespace }) {
  const [device] = JSON.parse(ip('-n', namespace, '-json', '-statistics', 'link', 'show', DEVICE));
  return Number(device.stats64.tx.bytes);
}

/** @param {string} address */
function createHost(address) {
  // Two of these benchmarks at a time must not meet.
  const namespace = `tstream-${process.pid}-${++created}`;
  ip('netns', 'add', namespace);
  namespaces.add(namespace);
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  ip('netns', 'exec', namespace, 'sysctl', '-qw', `net.ipv4.tcp_congestion_control=${CONGESTION_CONTROL}`);
  const enter = ['chrt', '--rr', PRIORITY, 'ip', 'netns', 'exec', namespace];
  return { namespace, address, enter };
}

/** @param {string} namespace */
function removeNamespace(namespace) {
  if (!namespaces.delete(namespace)) return;
  ip('netns', 'delete', namespace);
}

/** @param {string[]} args */
function ip(...args) {
  return execFileSync('ip', args, { encoding: 'utf8' });
}
