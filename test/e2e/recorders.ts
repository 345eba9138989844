/** Viewers that record what they play. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppStats, startPeer } from './apps.js';

export interface Viewer {
  readonly name: string;
  readonly app: App;
}

export interface Recorder extends Viewer {
  readonly recording: () => Buffer;
  readonly path: string;
}

/** Starts `tstream-peer record TSTREAM FOLDER/NAME.ts`. */
export function startRecorder(tstream: string, folder: string, name: string, args: readonly string[] = []): Recorder {
  const path = join(folder, `${name}.ts`);
  return { name, app: startPeer(['record', tstream, path, ...args]), path, recording: () => readFileSync(path) };
}

/** Resolves when each of them plays. */
export async function allPlay(viewers: readonly Viewer[], timeoutMs = 60_000): Promise<void> {
  await Promise.all(viewers.map(({ app }) => app.event('playing', timeoutMs)));
}

/** Resolves with the exit codes when each of them has seen the end. */
export async function allEnd(recorders: readonly Recorder[], source: App, timeoutMs = 45_000): Promise<unknown[]> {
  const ends = recorders.map(({ app }) => app.event('ended', timeoutMs));
  await Promise.all(ends).catch((error: Error) => {
    throw new Error(`${error.message}${story(recorders, source)}`);
  });
  return await Promise.all(recorders.map(({ app }) => app.ended));
}

/** How often each of them has stalled and how many pieces it has dropped. */
export function troubles(viewers: readonly Viewer[]): Record<string, Pick<Trouble, 'stalls' | 'piecesDropped'>> {
  return Object.fromEntries(
    viewers.map(({ name, app }) => {
      const { stalls = 0, piecesDropped = 0 } = app.stats();
      return [name, { stalls, piecesDropped }];
    }),
  );
}

/** What there is to say of a run that failed: each viewer's figures, when something went wrong, and what it said. */
export function story(viewers: readonly Viewer[], source?: App): string {
  const told = viewers.map(({ name, app }) => {
    const lines = app.events.filter((event) => event.event === 'stats') as unknown as Trouble[];
    const turns = lines.filter((line, i) => i > 0 && isWorse(line, lines[i - 1] as Trouble)).map(figuresOf);
    const others = app.events.filter(({ event }) => event !== 'stats').map(({ event }) => event);
    const last = lines.at(-1);
    return [`${name}: ${others.join(', ')}; ${last ? figuresOf(last) : 'no stats'}`, ...turns, app.errors().trim()];
  });
  const { run, seq, peers, inBytes, upBytes, uploadMultiple } = (source?.stats() ?? {}) as Trouble;
  const head = source ? [`source: ${JSON.stringify({ run, seq, peers, inBytes, upBytes, uploadMultiple })}`] : [];
  const said = source?.errors().trim() ?? '';
  return ['', ...head, said, ...told.flatMap(([first, ...rest]) => [first, ...rest.map((line) => `    ${line}`)])]
    .filter((line) => line?.trim() !== '')
    .join('\n');
}

type Trouble = AppStats & Readonly<Record<'stalls' | 'piecesDropped' | 'piecesRejected' | 'peersBanned', number>>;

function isWorse(now: Trouble, before: Trouble): boolean {
  return WORRYING.some((name) => (now[name] ?? 0) > (before[name] ?? 0));
}

function figuresOf(line: Trouble): string {
  return FIGURES.map((name) => `${name} ${line[name]}`).join(', ');
}

const WORRYING = ['stalls', 'piecesDropped', 'piecesRejected', 'peersBanned'] as const;
const FIGURES = [
  'uptimeMs',
  'state',
  'peers',
  'stalls',
  'stallMs',
  'piecesDropped',
  'piecesRejected',
  'peersBanned',
  'lagMs',
  'latencyMs',
  'bufferMs',
  'playRun',
  'playSeq',
  'edgeSeq',
  'bytesFromSource',
  'bytesFromPeers',
];
