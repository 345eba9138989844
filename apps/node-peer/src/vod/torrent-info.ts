/** What an on-demand torrent says, for a person and for programs. */
import { formatDuration, formatRate, formatSize } from '@tstream/command-line';
import { hex, type VodMetainfo } from '@tstream/tstream-format';

export function torrentJson(metainfo: VodMetainfo): Record<string, unknown> {
  const { infoBytes: _infoBytes, pieceHashes, thumb, files, perFile, ...rest } = metainfo;
  return {
    ...rest,
    infohash: hex(metainfo.infohash),
    pieces: pieceHashes === undefined ? undefined : pieceHashes.length / 20,
    ...(thumb ? { thumbBytes: thumb.length } : {}),
    files: files.map(({ path, lengthBytes, isPadding }, index) => {
      const { thumb: fileThumb, ...display } = perFile[index] ?? {};
      return {
        number: index + 1,
        path: path.join('/'),
        lengthBytes,
        ...(isPadding ? { isPadding } : {}),
        ...display,
        ...(fileThumb ? { thumbBytes: fileThumb.length } : {}),
      };
    }),
  };
}

export function torrentLines(metainfo: VodMetainfo): string[] {
  const { title, name, lengthBytes, pieceLength, durationMs, bitrateBitsPerSecond } = metainfo;
  const { trackers, webSeeds, comment, createdBy, creationDateS } = metainfo;
  return [
    `${title ?? name}: an on-demand torrent of ${formatSize(lengthBytes)}`,
    `  name        ${name}`,
    `  infohash    ${hex(metainfo.infohash)}`,
    `  pieces      ${Math.ceil(lengthBytes / pieceLength)} of ${formatSize(pieceLength)}`,
    ...(durationMs === undefined ? [] : [`  duration    ${formatDuration(durationMs)}`]),
    ...(bitrateBitsPerSecond === undefined ? [] : [`  bitrate     ${formatRate(bitrateBitsPerSecond)}`]),
    ...(metainfo.isPrivate ? ['  private     peers come from its trackers alone'] : []),
    ...trackers.flat().map((url) => `  tracker     ${url}`),
    ...webSeeds.map((url) => `  web seed    ${url}`),
    ...(comment === undefined ? [] : [`  comment     ${comment}`]),
    ...(createdBy === undefined ? [] : [`  made by     ${createdBy}`]),
    ...(creationDateS === undefined ? [] : [`  made at     ${new Date(creationDateS * 1000).toISOString()}`]),
    ...fileLines(metainfo),
  ];
}

function fileLines({ files, perFile }: VodMetainfo): string[] {
  const digits = String(files.length).length;
  return files.flatMap(({ path, lengthBytes, isPadding }, index) => {
    if (isPadding) return [];
    const { durationMs } = perFile[index] ?? {};
    const lasts = durationMs === undefined ? '' : `, ${formatDuration(durationMs)}`;
    return [`  file ${String(index + 1).padStart(digits)}  ${path.join('/')}   ${formatSize(lengthBytes)}${lasts}`];
  });
}
