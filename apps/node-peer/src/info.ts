/** `tstream-peer info`: what a `.tstream`, a `.torrent` or a magnet link says. */
import { formatRate, formatSize } from '@tstream/command-line';
import { hex, type LiveMetainfo } from '@tstream/tstream-format';
import type { Command } from 'commander';
import { declarePeerOptions, type Given } from './options.js';
import { loadSource } from './sources.js';
import { magnetInfo } from './vod/magnet-info.js';
import { torrentJson, torrentLines } from './vod/torrent-info.js';

export function declareInfo(command: Command): Command {
  return declarePeerOptions(
    command.option('--timeout <duration>', 'magnet link: ask peers so long for what it stands for', '20s'),
  );
}

export async function info(source: string, given: Given, stop: AbortSignal): Promise<void> {
  const found = await loadSource(source, stop);
  const said =
    found.kind === 'live'
      ? { json: liveJson(found.metainfo), lines: liveLines(found.metainfo) }
      : found.kind === 'torrent'
        ? { json: torrentJson(found.metainfo), lines: torrentLines(found.metainfo) }
        : await magnetInfo(found, given, stop);
  process.stdout.write(`${given.json === true ? JSON.stringify(said.json) : said.lines.join('\n')}\n`);
}

function liveJson(metainfo: LiveMetainfo): Record<string, unknown> {
  const { infoBytes: _infoBytes, infoDigest: _infoDigest, thumb, ...rest } = metainfo;
  return {
    ...rest,
    infohash: hex(metainfo.infohash),
    streamKey: hex(metainfo.streamKey),
    ...(thumb ? { thumbBytes: thumb.length } : {}),
  };
}

function liveLines(metainfo: LiveMetainfo): string[] {
  const { title, bitrateBitsPerSecond, trackers, createdBy, creationDateS } = metainfo;
  return [
    `${title ?? metainfo.name}: a live stream`,
    `  name        ${metainfo.name}`,
    `  infohash    ${hex(metainfo.infohash)}`,
    `  stream key  ${hex(metainfo.streamKey)}`,
    `  pieces      at most ${formatSize(metainfo.pieceLength)} each`,
    `  window      ${metainfo.windowPieces} pieces of a ring of ${metainfo.ringPieces}`,
    ...(bitrateBitsPerSecond === undefined ? [] : [`  bitrate     ${formatRate(bitrateBitsPerSecond)}`]),
    ...trackers.flat().map((url) => `  tracker     ${url}`),
    ...(createdBy === undefined ? [] : [`  made by     ${createdBy}`]),
    ...(creationDateS === undefined ? [] : [`  made at     ${new Date(creationDateS * 1000).toISOString()}`]),
  ];
}
