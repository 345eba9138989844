import { createCutter, type Piece } from '../src/index.js';
import { AUDIO_PID, bytes, nullPacket, pes, VIDEO_PID } from './muxer.js';
import { joined, piecesOf } from './pieces.js';

export const PACKET = 188;
const KEY = pes({ pid: VIDEO_PID, streamId: 0xe0, pts: 900, content: new Uint8Array(300), randomAccess: true });
export const key = () => KEY;
/** A picture that begins with these NAL units or start codes, its first packet without a random_access_indicator. */
export const picture = (...content: readonly (readonly number[] | Uint8Array)[]) =>
  pes({ pid: VIDEO_PID, streamId: 0xe0, pts: 900, content: bytes(...content, new Uint8Array(200)) });
const OTHER = picture([0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x41, 0x9a]);
export const other = () => OTHER;
const SOUND = pes({ pid: AUDIO_PID, streamId: 0xc0, pts: 900, content: new Uint8Array(100) });
export const sound = () => SOUND;
/** What lets the cutter find sync. */
export const filler = (packets: number) => Array<Uint8Array>(packets).fill(nullPacket());

/** Which packets are entry points when these packets come at once in one large piece and a burst. */
export function entriesOf(packets: readonly Uint8Array[]): number[] {
  const cutter = createCutter({ pieceBytesMax: 700 * PACKET, holdMsMax: 250 });
  const pieces = [...piecesOf(cutter.push(joined([...packets, ...filler(5)]), 0)), ...piecesOf(cutter.flush(0))];
  return entryPackets(pieces);
}

export function entryPackets(pieces: readonly Piece[]): number[] {
  let at = 0;
  return pieces.flatMap(({ payload, entryOffset }) => {
    const entry = entryOffset === undefined ? [] : [(at + entryOffset) / PACKET];
    at += payload.length;
    return entry;
  });
}
