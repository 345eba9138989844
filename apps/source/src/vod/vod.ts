/** `tstream-source vod`: from a file or folder to a torrent, and to a swarm. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { banLine, openPage, UsageError } from '@tstream/command-line';
import { createSwarmNode, type SwarmNode, type Torrent, type TorrentEvent } from '@tstream/peer-net';
import { formatMagnet, hex } from '@tstream/tstream-format';
import { type Links, linksOf } from '../links.js';
import { CLIENT } from '../version.js';
import { createSeederConsole, type SeederConsole } from './console.js';
import { type Description, describe } from './describe.js';
import { type SeederFigures, seederFigures } from './figures.js';
import type { VodOptions } from './options.js';
import { type SeederSite, seederRoutes, thumbRoutes } from './routes.js';
import { type Found, scan } from './scan.js';
import { checkPlace, makeTorrent, pieceLengthFor, type TorrentFile, writeTorrent } from './torrent-file.js';

/** Makes the torrent, and seeds it until `stop` is aborted. */
export async function vod(source: string, options: VodOptions, stop: AbortSignal): Promise<void> {
  const out = options.out ?? `${basename(resolve(source))}.torrent`;
  const found = await scan(source, out);
  if (found.isFolder && options.durationMs !== undefined) {
    throw new UsageError('--duration is for one film: of a folder each file says it itself');
  }
  // What can't be is refused before anything is hashed.
  pieceLengthFor(found.lengthBytes, options.pieceLength);
  await checkPlace(out, found);
  const screen = createSeederConsole(options.json);
  try {
    const description = await describe(found, options.durationMs);
    for (const line of notes(found, description)) screen.note(line);
    const work: Work = { found, description, options, out, screen, stop };
    await (options.seed ? seed(work) : make(work));
  } finally {
    screen.close();
  }
}

interface Work {
  readonly found: Found;
  readonly description: Description;
  readonly options: VodOptions;
  readonly out: string;
  readonly screen: SeederConsole;
  readonly stop: AbortSignal;
}

/** Makes the torrent alone. */
async function make(work: Work): Promise<void> {
  const torrent = await made(work, []);
  work.screen.ready({ ...readyOf(work, torrent, undefined), seeding: undefined });
}

/** The port is had first: who can't have it is told before an hour of hashing. */
async function seed(work: Work): Promise<void> {
  const { found, options, screen, stop } = work;
  const state: { torrent?: TorrentFile; figures?: () => SeederFigures } = {};
  const site: SeederSite = {
    html: await readFile(createRequire(import.meta.url).resolve('@tstream/web-peer/vod-source.html'), 'utf8'),
    name: found.name,
    torrent: () => state.torrent,
    figures: () => state.figures?.(),
  };
  const node = await createSwarmNode({
    host: options.host,
    port: options.port,
    client: CLIENT,
    tracker: options.ownTracker,
    http: { token: options.token, routes: [...seederRoutes(site), ...thumbRoutes(site, found.files.length)] },
    onTrouble: (reason) => screen.note(reason),
  });
  try {
    const links = linksOf(options.publicUrl, options.host, node.port, `${found.name}.torrent`);
    const file = await made(work, options.ownTracker ? links.trackers : []);
    state.torrent = file;
    const torrent = await join(work, node, file);
    const ready = readyOf(work, file, links);
    const [page, seen] = [`${links.base}/`, new Set<string>()];
    state.figures = () =>
      seederFigures({
        metainfo: file.metainfo,
        torrent,
        seen,
        uploadBitsPerSecondMax: options.uploadBitsPerSecondMax,
        page,
        torrentUrl: links.metainfo,
        magnet: ready.magnet,
      });
    screen.ready({ ...ready, seeding: { port: node.port, links } });
    if (options.open) void openPage(page, screen.note, stop);
    await untilStopped(state.figures, screen, stop);
  } finally {
    await node.close();
  }
}

async function made(work: Work, ownTrackers: readonly string[]): Promise<TorrentFile> {
  const { found, description, options, out, screen, stop } = work;
  const file = await makeTorrent(found, description, options, [...ownTrackers, ...options.trackers], {
    signal: stop,
    onProgress: (hashedBytes) => screen.hashing(hashedBytes, found.lengthBytes),
  });
  await writeTorrent(out, file);
  return file;
}

function join({ found, options, screen, stop }: Work, node: SwarmNode, { metainfo }: TorrentFile): Promise<Torrent> {
  return node.addTorrent({
    metainfo,
    folder: found.folder,
    uploadBitsPerSecondMax: options.uploadBitsPerSecondMax,
    downloadBitsPerSecondMax: Number.POSITIVE_INFINITY,
    peersMax: options.peersMax,
    peers: [],
    discovery: true,
    existing: 'must-be-whole',
    superSeeding: true,
    held: new Uint8Array(Math.ceil(metainfo.lengthBytes / metainfo.pieceLength)).fill(1),
    keepResume: false,
    signal: stop,
    onEvent: (event) => onEvent(event, screen),
  });
}

function onEvent(event: TorrentEvent, screen: SeederConsole): void {
  switch (event.type) {
    case 'trackerUnreachable':
      return screen.note(`the tracker ${event.url} does not answer (${event.reason}); it is tried again`);
    case 'banned':
      return screen.note(banLine(event));
    case 'storageTrouble':
      return screen.note(event.reason);
    case 'storageRecovered':
      return screen.note('the content can be read again');
    default:
  }
}

function readyOf(
  { options, out }: Work,
  { metainfo }: TorrentFile,
  links: Links | undefined,
): { torrent: string; infohash: string; magnet: string } {
  const { infohash, name, trackers, webSeeds } = metainfo;
  // Of a private torrent the trackers alone tell peers.
  const peers =
    links === undefined || options.isPrivate ? [] : [new URL(links.base).host].filter((host) => /:\d+$/.test(host));
  return {
    torrent: out,
    infohash: hex(infohash),
    magnet: formatMagnet({ infohash, name, trackers: trackers.flat(), webSeeds, peers }),
  };
}

function untilStopped(figures: () => SeederFigures, screen: SeederConsole, stop: AbortSignal): Promise<void> {
  const timer = setInterval(() => screen.stats(figures()), 1000);
  return new Promise<void>((stopped) => {
    if (stop.aborted) return stopped();
    stop.addEventListener('abort', () => stopped(), { once: true });
  }).finally(() => {
    clearInterval(timer);
    screen.stats(figures());
  });
}

function notes({ leftOut }: Found, description: Description): string[] {
  const others = leftOut.length > 1 ? ` and ${leftOut.length - 1} more` : '';
  const left = leftOut.length > 0 ? [`left out, as it is hidden or a link: ${leftOut[0]}${others}`] : [];
  const more = description.notes.length - NOTES_MAX;
  return [...left, ...description.notes.slice(0, NOTES_MAX), ...(more > 0 ? [`and ${more} more of these`] : [])];
}

const NOTES_MAX = 5;
