/** A player's view of a live stream. */
import type { LiveMetainfo } from '@tstream/tstream-format';
import { createConsole } from './console.js';
import { openLocalSite } from './local-site.js';
import { type Given, readLag, readPeerOptions, refuseOptions } from './options.js';
import { type Showing, show } from './showing.js';
import { openSession } from './viewer.js';
import { TORRENT_OPTIONS } from './vod/torrent-options.js';

export async function watchLive(
  metainfo: LiveMetainfo,
  showing: Showing,
  given: Given,
  stop: AbortSignal,
): Promise<void> {
  refuseOptions(given, TORRENT_OPTIONS, 'a live stream');
  const options = readPeerOptions(given);
  const lagMs = readLag(given.lag as string | undefined);
  const screen = await createConsole(options.json, showing.stdout);
  const session = await openSession(metainfo, options, { lagMs }, screen, stop);
  try {
    const site = await openLocalSite(showing.port, session.swarm);
    try {
      const stream = `${site.url}/stream`;
      screen.ready({ http: site.url, stream, peerPort: session.peerPort }, [
        `Watching ${metainfo.title ?? metainfo.name}.`,
        `  Page     ${site.url}/`,
        `  Players  ${stream}   (VLC, mpv, …)`,
        '  Ctrl-C ends it.',
      ]);
      if (showing.stdout) {
        session.swarm.addReader(process.stdout, {
          primary: true,
          keepOpen: true,
          onGone: () => session.fail(new Error('standard output was closed')),
        });
      }
      show(showing, { page: `${site.url}/`, video: stream }, screen, stop);
      await session.over;
    } finally {
      await session.close();
      site.close();
    }
  } catch (error) {
    await session.close();
    throw error;
  }
}
