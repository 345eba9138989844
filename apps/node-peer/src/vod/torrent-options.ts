/** The options that only torrents have, read and checked. */
import { ofOption, parseRate, UsageError } from '@tstream/command-line';
import { isPlayable } from '@tstream/peer-net';
import type { VodMetainfo } from '@tstream/tstream-format';
import type { Command } from 'commander';
import { type Given, type PeerOptions, readPeerOptions } from '../options.js';
import type { TorrentSource } from '../sources.js';

export interface DownloadOptions extends PeerOptions {
  /** Bits per second; Infinity for none. */
  readonly downloadBitsPerSecondMax: number;
}

/** As commander calls them: what says nothing about a live stream. */
export const TORRENT_OPTIONS = ['file', 'out', 'maxDownload'];
/** What says nothing about a torrent. */
export const LIVE_OPTIONS = ['lag', 'maxDisk', 'disk'];

export function declareTorrentOptions(command: Command): Command {
  return command.option('--max-download <rate>', 'torrent: download limit (default: none)');
}

/** @throws {UsageError} One line: which option is wrong and what was expected. */
export function readDownloadOptions(given: Given): DownloadOptions {
  return {
    ...readPeerOptions(given),
    downloadBitsPerSecondMax:
      ofOption('--max-download', given.maxDownload as string | undefined, parseRate) ?? Infinity,
  };
}

/**
 * Which files `--file` names, counted from 1 as `info` does.
 * @returns Indices, rising, none twice; undefined if there was no such option.
 * @throws {UsageError} If one of them is none.
 */
export function fileIndices(
  given: string | readonly string[] | undefined,
  metainfo: VodMetainfo,
): number[] | undefined {
  if (given === undefined) return undefined;
  const indices = [given].flat().map((text) => {
    const index = /^\d{1,6}$/.test(text) ? Number(text) - 1 : -1;
    const file = metainfo.files[index];
    if (file === undefined || file.isPadding)
      throw new UsageError(`--file '${text}' is none of its files: expected 1 to ${metainfo.files.length}`);
    return index;
  });
  return [...new Set(indices)].sort((a, b) => a - b);
}

/** The files that a magnet link asks for (BEP 53), as far as there are such; undefined if it asks for none of them in particular. */
export function linkedFiles(source: TorrentSource, { files }: VodMetainfo): number[] | undefined {
  if (source.kind !== 'magnet' || source.magnet.fileIndices === undefined) return undefined;
  const indices = source.magnet.fileIndices.filter((index) => files[index]?.isPadding === false);
  return indices.length > 0 ? indices : undefined;
}

/**
 * The largest file that people watch or listen to; undefined if there is none.
 * @param among - Indices to choose from; undefined: all.
 */
export function filmIndex({ files }: VodMetainfo, among?: readonly number[]): number | undefined {
  let film: number | undefined;
  for (const index of among ?? files.keys()) {
    const { path, lengthBytes = 0, isPadding = true } = files[index] ?? {};
    if (isPadding || !isPlayable(path?.at(-1) ?? '')) continue;
    if (film === undefined || lengthBytes > (files[film]?.lengthBytes ?? 0)) film = index;
  }
  return film;
}
