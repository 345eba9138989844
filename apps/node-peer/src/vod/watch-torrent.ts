/** A film in a torrent, watched while it comes in. */
import { Failure } from '@tstream/command-line';
import type { SwarmNode } from '@tstream/peer-net';
import type { VodMetainfo } from '@tstream/tstream-format';
import { type Console, createConsole } from '../console.js';
import { FIRST_START_NOTE, isFirstStart } from '../first-start.js';
import { openNode } from '../join.js';
import { type Given, refuseOptions } from '../options.js';
import { loadVodPolicies } from '../policies.js';
import { type Showing, show } from '../showing.js';
import type { TorrentSource } from '../sources.js';
import { openCacheFolder } from './cache-folder.js';
import { fileIndices, filmIndex, LIVE_OPTIONS, linkedFiles, readDownloadOptions } from './torrent-options.js';
import { joinTorrent, metainfoOf, type TorrentSession } from './torrent-session.js';
import { filePath, openTorrentSite } from './torrent-site.js';
import { torrentStats } from './torrent-words.js';
import { writeFile } from './write-file.js';

export async function watchTorrent(
  source: TorrentSource,
  showing: Showing,
  given: Given,
  stop: AbortSignal,
): Promise<void> {
  refuseOptions(given, LIVE_OPTIONS, 'a torrent');
  const options = readDownloadOptions(given);
  const out = given.out as string | undefined;
  const screen = await createConsole(options.json, showing.stdout);
  if (await isFirstStart()) screen.note(FIRST_START_NOTE);
  const failed = new AbortController();
  const policies = await loadVodPolicies(options, (failure) => failed.abort(failure));
  const over = AbortSignal.any([stop, failed.signal]);
  const node = await openNode(options, (reason) => screen.note(reason));
  const cache = out === undefined ? await openCacheFolder() : undefined;
  try {
    const metainfo = await metainfoOf(source, node, options, screen, over);
    const film = filmOf(source, metainfo, given.file as string | undefined);
    const folder = out ?? cache?.path ?? '';
    const part = { metainfo, folder, files: [film], keepResume: out !== undefined, swarms: 1, ...policies };
    const session = await joinTorrent(node, source, options, part, screen, over);
    await play(session, film, { node, showing, screen, over });
    failed.signal.throwIfAborted();
  } finally {
    await node.close();
    await cache?.remove();
    screen.close();
  }
}

interface Around {
  readonly node: SwarmNode;
  readonly showing: Showing;
  readonly screen: Console;
  readonly over: AbortSignal;
}

/** Until a person stops it, or all of it is written to standard output. */
async function play(
  { torrent, trouble }: TorrentSession,
  film: number,
  { node, showing, screen, over }: Around,
): Promise<void> {
  const site = await openTorrentSite(showing.port, torrent, film, trouble);
  const stats = setInterval(() => screen.stats([torrentStats(torrent, film)]), 1000);
  try {
    const { metainfo } = torrent;
    const video = `${site.url}${filePath(metainfo, film)}`;
    screen.ready({ http: site.url, video, file: film + 1, peerPort: node.port }, [
      `Watching ${metainfo.title ?? metainfo.files[film]?.path.at(-1) ?? metainfo.name}.`,
      `  Page     ${site.url}/`,
      `  Players  ${video}   (VLC, mpv, …)`,
      '  Ctrl-C ends it.',
    ]);
    void torrent.whole.then(() => screen.event({ event: 'complete' }, 'All of it is here.'));
    show(showing, { page: `${site.url}/`, video }, screen, over);
    if (showing.stdout) await writeFile(torrent, film, process.stdout, over);
    else await aborted(over);
  } finally {
    clearInterval(stats);
    screen.stats([torrentStats(torrent, film)]);
    site.close();
  }
}

function filmOf(source: TorrentSource, metainfo: VodMetainfo, given: string | undefined): number {
  const film = fileIndices(given, metainfo)?.[0] ?? filmIndex(metainfo, linkedFiles(source, metainfo));
  if (film !== undefined) return film;
  throw new Failure(`${metainfo.name} has nothing that plays by its name: say with --file which one (info lists them)`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
