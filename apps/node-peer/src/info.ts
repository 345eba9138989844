/** `tstream-peer info`: what a `.tstream` says. */
import { formatRate, formatSize } from '@tstream/command-line';
import { loadMetainfo } from '@tstream/peer-net';
import { hex, type Metainfo } from '@tstream/tstream-format';

export async function info(source: string, json: boolean): Promise<void> {
  const { metainfo } = await loadMetainfo(source);
  process.stdout.write(`${json ? JSON.stringify(asJson(metainfo)) : asText(metainfo).join('\n')}\n`);
}

function asJson(metainfo: Metainfo): Record<string, unknown> {
  if (metainfo.kind === 'vod') return { ...metainfo, infohash: hex(metainfo.infohash) };
  const { infoBytes: _infoBytes, infoDigest: _infoDigest, thumb, ...rest } = metainfo;
  return {
    ...rest,
    infohash: hex(metainfo.infohash),
    streamKey: hex(metainfo.streamKey),
    ...(thumb ? { thumbBytes: thumb.length } : {}),
  };
}

function asText(metainfo: Metainfo): string[] {
  if (metainfo.kind === 'vod') {
    return [
      `${metainfo.name}: an on-demand torrent of ${formatSize(metainfo.lengthBytes)}`,
      `  infohash    ${hex(metainfo.infohash)}`,
    ];
  }
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
