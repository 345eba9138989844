import type { Plan } from '../plan.js';
import type { OnDemand } from '../scenario.js';

/** What is watched: so many bytes in pieces, of which a viewer shows so many a second. */
export interface Film {
  readonly lengthBytes: number;
  readonly pieceBytes: number;
  readonly pieces: number;
  readonly bytesPerSecond: number;
  /** In one stretch before it is shown, beyond what the forecast asks for. */
  readonly prebufferBytes: number;
}

export function filmOf({ bytesPerSecond, video }: Plan, { seconds, prebufferSeconds = 0 }: OnDemand): Film {
  const lengthBytes = Math.ceil(seconds * bytesPerSecond);
  const pieceBytes = video.payloadBytes(0);
  const prebufferBytes = prebufferSeconds * bytesPerSecond;
  return { lengthBytes, pieceBytes, pieces: Math.ceil(lengthBytes / pieceBytes), bytesPerSecond, prebufferBytes };
}
