/** What is said of each file beside `info`: how long it lasts, its bitrate, its picture. */
import { Failure } from '@tstream/command-line';
import type { VodFileDisplay } from '@tstream/tstream-format';
import { durationOf, isMedia, isVideo } from './duration.js';
import type { Found, FoundFile } from './scan.js';
import { thumbBeside } from './thumbs.js';

export interface Description extends VodFileDisplay {
  /** One for each file of a folder; undefined for a single file. */
  readonly perFile: readonly VodFileDisplay[] | undefined;
  /** What a person should know; one line each. */
  readonly notes: readonly string[];
}

/**
 * @param durationMs - What a person said of the one file.
 * @throws {Failure} If the file is a film and nothing says how long it lasts.
 */
export async function describe(found: Found, durationMs: number | undefined): Promise<Description> {
  const [first] = found.files;
  if (!found.isFolder && first) {
    const one = await describeFile(first, durationMs);
    if (one.durationMs !== undefined || !isVideo(first.source)) return { ...one, perFile: undefined, notes: [] };
    throw new Failure(`cannot tell how long ${found.name} lasts: say it, for example  --duration 4:15`);
  }
  const perFile: VodFileDisplay[] = [];
  const budget = { bytes: THUMBS_BYTES_MAX };
  const notes: string[] = [];
  for (const file of found.files) {
    const { thumb, ...rest } = isMedia(file.source) ? await describeFile(file, undefined) : {};
    const fits = thumb !== undefined && thumb.length <= budget.bytes;
    if (fits) budget.bytes -= thumb.length;
    else if (thumb) notes.push(`the picture of ${file.path.join('/')} is left out: there are too many for one torrent`);
    if (isVideo(file.source) && rest.durationMs === undefined) {
      notes.push(`cannot tell how long ${file.path.join('/')} lasts: viewers see no duration`);
    }
    perFile.push(fits ? { ...rest, thumb } : rest);
  }
  return { perFile, notes };
}

async function describeFile(file: FoundFile, said: number | undefined): Promise<VodFileDisplay> {
  const durationMs = said ?? (isMedia(file.source) ? await durationOf(file.source) : undefined);
  const thumb = await thumbBeside(file.source);
  const bitrate = durationMs === undefined ? 0 : Math.round((file.lengthBytes * 8000) / durationMs);
  return {
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(bitrate >= 1 && bitrate <= BITS_PER_SECOND_MAX ? { bitrateBitsPerSecond: bitrate } : {}),
    ...(thumb === undefined ? {} : { thumb }),
  };
}

/** A guess: with hashes and paths, well within the 10 MB of a torrent. */
const THUMBS_BYTES_MAX = 2 * 1024 * 1024;
/** spec/0001 §3.2. */
const BITS_PER_SECOND_MAX = 1e9;
