import { banLine } from '@tstream/command-line';
import type { TorrentEvent } from '@tstream/peer-net';

/** What of a torrent's events a person wants to read. */
export function eventLine(event: TorrentEvent): string | undefined {
  switch (event.type) {
    case 'checking':
      return 'Checking what is there already.';
    case 'trackerUnreachable':
      return `The tracker ${event.url} does not answer (${event.reason}); it is tried again.`;
    case 'webSeedTrouble':
      return `The web seed ${event.url} does not serve (${event.reason}); it is ${event.isOver ? 'asked no more' : 'tried again'}.`;
    case 'banned':
      return banLine(event);
    case 'storageTrouble':
      return event.reason;
    case 'storageRecovered':
      return 'The disk takes data again.';
    default:
      return undefined;
  }
}
