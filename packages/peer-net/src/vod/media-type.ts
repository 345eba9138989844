/** As what a torrent's file is served: its name is somebody else's, and nothing of theirs may run in a browser. */
import mime from 'mime';

export interface MediaType {
  readonly type: string;
  /** A browser may show it; anything else it saves. */
  readonly inline: boolean;
}

/** By the name's extension: what is looked at or listened to goes under its own type, all else as bytes. */
export function mediaType(name: string): MediaType {
  const type = mime.getType(name) ?? '';
  if (SHOWN.test(type) && !RUNS.test(type)) return { type, inline: true };
  if (type === 'text/plain') return { type: 'text/plain; charset=utf-8', inline: true };
  return { type: 'application/octet-stream', inline: false };
}

/** Whether people watch or listen to what has such a name. */
export function isPlayable(name: string): boolean {
  return /^(?:video|audio)\//.test(mediaType(name).type);
}

/**
 * `Content-Disposition` for any name (RFC 6266): in plain ASCII for old clients, without what some of them take for an escape, and as it is
 * (RFC 8187) for the others.
 */
export function contentDisposition(name: string, inline: boolean): string {
  // Half a character has no UTF-8.
  const whole = name.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const plain = whole.replaceAll(/[^\x20-\x7e]|["%\\]/g, '_');
  const extended = encodeURIComponent(whole).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${extended}`;
}

const SHOWN = /^(?:video|audio|image)\/|^text\/vtt$/;
/** An image that holds scripts. */
const RUNS = /^image\/svg/;
