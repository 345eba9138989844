/** What a magnet link says, and what peers say that it stands for. */
import { ofOption, oneLine, parseDuration } from '@tstream/command-line';
import { hex, type Magnet } from '@tstream/tstream-format';
import { openNode } from '../join.js';
import type { Given } from '../options.js';
import type { TorrentSource } from '../sources.js';
import { torrentJson, torrentLines } from './torrent-info.js';
import { readDownloadOptions } from './torrent-options.js';
import { fetchMetainfo } from './torrent-session.js';

export interface Said {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** The torrent, if a peer tells within the time that was given; else what the link says by itself, and why no more. */
export async function magnetInfo(
  { magnet }: Extract<TorrentSource, { kind: 'magnet' }>,
  given: Given,
  stop: AbortSignal,
): Promise<Said> {
  const options = readDownloadOptions(given);
  const timeoutMs = ofOption('--timeout', given.timeout as string, parseDuration);
  const timeout = AbortSignal.timeout(timeoutMs);
  const note = (text: string) => process.stderr.write(`tstream-peer: ${text}\n`);
  const node = await openNode(options, note);
  try {
    const metainfo = await fetchMetainfo(magnet, node, options, AbortSignal.any([stop, timeout]));
    return { json: torrentJson(metainfo), lines: torrentLines(metainfo) };
  } catch (error) {
    if (stop.aborted) throw error;
    note(timeout.aborted ? `nobody told what it stands for within ${given.timeout}` : oneLine(error));
    return { json: magnetJson(magnet), lines: magnetLines(magnet) };
  } finally {
    await node.close();
  }
}

function magnetJson(magnet: Magnet): Record<string, unknown> {
  return { kind: 'magnet', ...magnet, infohash: hex(magnet.infohash) };
}

function magnetLines({ infohash, name, trackers, peers = [], webSeeds = [], fileIndices }: Magnet): string[] {
  return [
    `${name ?? hex(infohash)}: a link to a torrent`,
    `  infohash    ${hex(infohash)}`,
    ...trackers.map((url) => `  tracker     ${url}`),
    ...peers.map((peer) => `  peer        ${peer}`),
    ...webSeeds.map((url) => `  web seed    ${url}`),
    ...(fileIndices === undefined ? [] : [`  files       ${fileIndices.map((index) => index + 1).join(', ')}`]),
  ];
}
