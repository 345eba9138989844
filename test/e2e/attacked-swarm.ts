/** A small swarm that is attacked: a source, viewers that record, and a hostile process that speaks the wire. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { type App, startSource, temporaryFolder } from './apps.js';
import { allEnd, allPlay, type Recorder, startRecorder, story, troubles } from './recorders.js';
import { isPat, stretchesOf, writeLoopedClip } from './streams.js';

/** Carries out an attack and resolves with what came of it. */
export type Attack = <T>(attack: string, options?: Readonly<Record<string, unknown>>) => Promise<T>;

export interface AttackedSwarm {
  readonly folder: string;
  readonly tstream: string;
  readonly keyPath: string;
  readonly input: Buffer;
  readonly source: App;
  readonly sourcePort: number;
  readonly victim: Recorder;
  readonly victimPort: number;
  readonly other: Recorder;
  readonly attack: Attack;
  /** Peer id of the hostile process's neighbour of the source. */
  readonly spy: string;
}

export interface SwarmKind {
  readonly seconds: number;
  /** Null packets for each packet of the clip, which has 580 kbit/s. */
  readonly stuffing: number;
  readonly source: readonly string[];
  readonly viewers: readonly string[];
  /** The victim knows the other viewer only, so that the source is never quicker than who lies. */
  readonly chain?: boolean;
}

/** Everybody plays, and the hostile process has joined, when this resolves. */
export async function startAttackedSwarm(kind: SwarmKind): Promise<AttackedSwarm> {
  const folder = temporaryFolder();
  const input = stuffed(writeLoopedClip(join(folder, 'clip.ts'), kind.seconds), kind.stuffing);
  writeFileSync(join(folder, 'input.ts'), input);
  const host = ['--host', '127.0.0.1'];
  const source = startSource([join(folder, 'input.ts'), '--out', folder, '--port', '0', ...host, ...kind.source]);
  const ready = await source.event('ready');
  const tstream = String(ready.tstream);
  const other = startRecorder(tstream, folder, 'other', [...host, ...kind.viewers]);
  const link = kind.chain ? ['--no-discovery', '--peer', `127.0.0.1:${await peerPortOf(other)}`] : [];
  const victim = startRecorder(tstream, folder, 'victim', [...host, ...link, ...kind.viewers]);
  await allPlay([victim, other]);
  const attack = startHostile();
  const keyPath = join(folder, 'input.key');
  const sourcePort = Number(ready.port);
  const spy = await attack<string>('join', { tstream, keyPath, port: sourcePort, from: '127.0.0.1' });
  const victimPort = await peerPortOf(victim);
  return { folder, tstream, keyPath, input, source, sourcePort, victim, victimPort, other, attack, spy };
}

async function peerPortOf({ app }: Recorder): Promise<number> {
  return Number((await app.event('ready')).peerPort);
}

/** Ends the broadcast: every recording is one stretch of the input, to its end, and nobody stalled or dropped. */
export async function expectUnharmed(swarm: AttackedSwarm, more: readonly Recorder[] = []): Promise<void> {
  const { source, victim, other, input } = swarm;
  const viewers = [victim, other, ...more];
  expect(await source.stop('SIGINT')).toBe(0);
  expect(await allEnd(viewers, source)).toEqual(viewers.map(() => 0));
  const inBytes = Number(source.stats().inBytes);
  for (const { name, recording } of viewers) {
    const bytes = recording();
    const stretches = stretchesOf(bytes, input);
    expect(stretches, `${name}${story(viewers, source)}`).toEqual([
      { fromByte: expect.any(Number), toByte: inBytes - (inBytes % PACKET_BYTES) },
    ]);
    expect(isPat(bytes, 0)).toBe(true);
  }
  const none = { stalls: 0, piecesDropped: 0 };
  expect(troubles(viewers), story(viewers, source)).toEqual(
    Object.fromEntries(viewers.map(({ name }) => [name, none])),
  );
}

/** What a process has used so far, and what it holds now. */
export interface Usage {
  readonly cpuMs: number;
  readonly atMs: number;
  readonly residentBytes: number;
  readonly openFiles: number;
}

export function usageOf({ child }: App): Usage {
  const proc = `/proc/${child.pid}`;
  // proc(5): the name in parentheses may hold anything; utime and stime are the 12th and 13th after it.
  const fields = readFileSync(`${proc}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`${proc}/status`, 'latin1'));
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    atMs: performance.now(),
    residentBytes: Number(resident?.[1]) * 1024,
    openFiles: readdirSync(`${proc}/fd`).length,
  };
}

/** Share of one core between two looks. */
function load(before: Usage, after: Usage): number {
  return (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs);
}

/** Looks at an app twice, so long that a share of a core can be told. */
export async function calmOf(app: App): Promise<{ readonly load: number; readonly usage: Usage }> {
  const before = usageOf(app);
  await sleep(CALM_MS);
  const usage = usageOf(app);
  return { load: load(before, usage), usage };
}

/** Since it was calm an app has used at most {@link LOAD_FACTOR} times the processor that it used then, and little more memory. */
export function expectBounded(app: App, calm: Awaited<ReturnType<typeof calmOf>>): void {
  const now = usageOf(app);
  // A look is as fine as the kernel's tick: a share below 5 % of a core is none to multiply.
  expect(load(calm.usage, now)).toBeLessThan(LOAD_FACTOR * Math.max(calm.load, 0.05));
  expect(now.residentBytes - calm.usage.residentBytes).toBeLessThan(MEMORY_BYTES_MAX);
}

/** What an app told of those that it has sent away. */
export function sentAway({
  errors,
}: App): { readonly whom: string; readonly address: string; readonly reason: string }[] {
  const lines = errors().matchAll(/sent away for 10 min 00 s: (everybody|a neighbour) at (\S+) \(([\w-]+)\)/g);
  return [...lines].map(([, whom = '', address = '', reason = '']) => ({ whom, address, reason }));
}

function startHostile(): Attack {
  const child = spawn(process.execPath, [fileURLToPath(new URL('hostile/process.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let lastId = 0;
  return (attack, options = {}) => {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const onMessage = (answer: { id: number; result?: never; error?: string }) => {
        if (answer.id !== id) return;
        child.off('message', onMessage);
        if (answer.error === undefined) resolve(answer.result as never);
        else reject(new Error(`${attack}: ${answer.error}`));
      };
      child.on('message', onMessage);
      child.send({ id, attack, options });
    });
  };
}

/** More bits per second of the same stream; what is stuffed in is different everywhere. */
function stuffed(stream: Buffer, stuffing: number): Buffer {
  const group = PACKET_BYTES * (1 + stuffing);
  const all = randomBytes((stream.length / PACKET_BYTES) * group);
  for (let at = 0, from = 0; from < stream.length; at += group, from += PACKET_BYTES) {
    stream.copy(all, at, from, from + PACKET_BYTES);
    for (let i = 1; i <= stuffing; i++) NULL_HEADER.copy(all, at + i * PACKET_BYTES);
  }
  return all;
}

/** ISO/IEC 13818-1: PID 0x1fff, payload only. */
const NULL_HEADER = Buffer.of(0x47, 0x1f, 0xff, 0x10);
const PACKET_BYTES = 188;
const CALM_MS = 4000;
const LOAD_FACTOR = 4;
/** Four times what its pieces may take of a viewer's memory: also what the collector hasn't looked at counts. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
/** USER_HZ is 100 on every Linux. */
const TICK_MS = 10;
