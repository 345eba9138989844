/** Torrents of no meaning, to test with. */
import { decodeMetainfo, encodeBencode, utf8Bytes, type VodMetainfo } from '@tstream/tstream-format';

/** A folder of empty-handed files: nobody has their content. */
export function torrentOf(files: readonly (readonly [path: string, lengthBytes: number])[]): VodMetainfo {
  const lengthBytes = files.reduce((sum, [, bytes]) => sum + bytes, 0);
  const list = files.map(
    ([path, bytes]) =>
      new Map<string, unknown>([
        ['length', bytes],
        ['path', path.split('/').map(utf8Bytes)],
      ]),
  );
  const info = new Map<string, unknown>([
    ['files', list],
    ['name', utf8Bytes('films')],
    ['piece length', 16_384],
    ['pieces', new Uint8Array(20 * Math.ceil(lengthBytes / 16_384)).fill(7)],
  ]);
  const decoded = decodeMetainfo(encodeBencode(new Map([['info', info]]) as Parameters<typeof encodeBencode>[0]));
  if (!decoded.ok || decoded.value.kind !== 'vod') throw new Error(`no torrent: ${JSON.stringify(decoded)}`);
  return decoded.value;
}
