/** How long a film lasts: ffprobe says it of everything, and where there is none a parser of the usual containers does. */
import { execFile } from 'node:child_process';
import { extname } from 'node:path';

/** Whether a file is one to watch or listen to, by its name. */
export function isMedia(path: string): boolean {
  return isVideo(path) || AUDIO.has(extname(path).toLowerCase());
}

export function isVideo(path: string): boolean {
  return VIDEO.has(extname(path).toLowerCase());
}

/**
 * @param ffprobe - What to start.
 * @returns Milliseconds; undefined if nothing says it.
 */
export async function durationOf(path: string, ffprobe = 'ffprobe'): Promise<number | undefined> {
  const probed = await probe(path, ffprobe);
  const seconds = probed === 'absent' ? await parse(path) : probed;
  if (seconds === undefined || !(seconds > 0) || seconds > SECONDS_MAX) return undefined;
  return Math.max(1, Math.round(seconds * 1000));
}

/** Of its own file alone: a playlist that names addresses opens none of them. */
function probe(path: string, ffprobe: string): Promise<number | undefined | 'absent'> {
  const questions = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'default=nw=1:nk=1'];
  return new Promise((resolve) => {
    execFile(
      ffprobe,
      [...questions, '-protocol_whitelist', 'file', `file:${path}`],
      { timeout: PROBE_MS_MAX, maxBuffer: 65_536 },
      (error, stdout) => {
        if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return resolve('absent');
        const seconds = Number(stdout.trim() || Number.NaN);
        resolve(error || !Number.isFinite(seconds) ? undefined : seconds);
      },
    );
  });
}

async function parse(path: string): Promise<number | undefined> {
  // Loaded only when it is needed: it is large.
  const { ALL_FORMATS, FilePathSource, Input } = await import('mediabunny');
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    return (await input.computeDuration()) - Math.max(0, await input.getFirstTimestamp());
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

const VIDEO = new Set([
  '.3gp',
  '.avi',
  '.flv',
  '.m2ts',
  '.m4v',
  '.mkv',
  '.mov',
  '.mp4',
  '.mpeg',
  '.mpg',
  '.mts',
  '.ogv',
  '.ts',
  '.webm',
  '.wmv',
]);
const AUDIO = new Set(['.aac', '.flac', '.m4a', '.mp3', '.oga', '.ogg', '.opus', '.wav']);
/** spec/0004 §3: 100 days. */
const SECONDS_MAX = 8_640_000;
const PROBE_MS_MAX = 20_000;
