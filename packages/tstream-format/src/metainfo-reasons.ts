/** Why a metainfo file is refused, and how to say it to a person. */
import type { BencodeReason } from './bencode-decode.js';
import type { VodFilesReason } from './vod-files.js';

/** The first rule that a metainfo file breaks, in the order of spec/0001-tstream-metainfo.md §6. */
export type MetainfoReason =
  | BencodeReason
  | 'not-dictionary'
  | 'info-missing'
  | 'kind-unknown'
  | 'live-with-pieces'
  | 'live-malformed'
  | 'live-version-unknown'
  | 'authmethod-unknown'
  | 'container-unknown'
  | 'stream-key-malformed'
  | 'name-malformed'
  | 'name-unsafe'
  | 'piece-length-out-of-range'
  | 'length-malformed'
  | 'window-out-of-range'
  | 'ring-out-of-range'
  | VodFilesReason
  | 'vod-too-many-pieces';

/** One line for a person: what is wrong, and what to do. */
export function describeMetainfoReason(reason: MetainfoReason): string {
  return SENTENCES[reason];
}

const NOT_A_METAINFO = 'This is not a .tstream or .torrent file: check that you gave the right file or address.';
const DAMAGED = 'This .tstream or .torrent file is damaged: get it again from where it came from.';
const BROADCASTER = 'ask the broadcaster for a new one';
const CORRECTED = 'get a corrected torrent';
const NEWER = 'update tstream';

const SENTENCES: Record<MetainfoReason, string> = {
  'too-large':
    'This file is too large for a .tstream or .torrent file (10 MB at most): check that it is the right one.',
  'too-deep':
    'This file nests values deeper than any stream needs: do not use it, get it from a source that you trust.',
  'too-many-values':
    'This file has more entries than any stream needs: do not use it, get it from a source that you trust.',
  truncated: 'This file ends too early: download it again.',
  'trailing-bytes':
    'Something follows the end of this .tstream or .torrent file: get it again from where it came from.',
  'unexpected-byte': NOT_A_METAINFO,
  'integer-malformed': DAMAGED,
  'integer-out-of-range': DAMAGED,
  'string-length-malformed': NOT_A_METAINFO,
  'key-not-string': DAMAGED,
  'keys-unsorted': 'The keys of this file are out of order, so that programs would read it differently: make it again.',
  'key-duplicate': 'A key stands twice in this file, so that programs would read it differently: make it again.',
  'not-dictionary': NOT_A_METAINFO,
  'info-missing': 'This file has no "info" part, so it names no stream: get it again from where it came from.',
  'kind-unknown': 'This file describes neither a live stream nor a file to download: check that it is the right one.',
  'live-with-pieces': `This file claims to be both live and on demand: ${BROADCASTER}.`,
  'live-malformed': `The live part of this file is damaged: ${BROADCASTER}.`,
  'live-version-unknown': `This stream was made for another version of the live format: ${NEWER}.`,
  'authmethod-unknown': `This stream is signed in a way that is not known here: ${NEWER}.`,
  'container-unknown': `This stream carries something other than an MPEG transport stream: ${NEWER}.`,
  'stream-key-malformed': `The broadcaster's key in this file is not 32 bytes long: ${BROADCASTER}.`,
  'name-malformed': 'The name in this file is missing, too long or not plain text: get a corrected file.',
  'name-unsafe': 'The name in this file cannot safely be the name of a file here: get a corrected file.',
  'piece-length-out-of-range':
    'The piece length in this file is out of range (live: 16, 32, 64 or 128 KiB): get a corrected file.',
  'length-malformed': `The length in this file is not a whole number of pieces: ${BROADCASTER}.`,
  'window-out-of-range': `The window in this file is smaller than 16 pieces: ${BROADCASTER}.`,
  'ring-out-of-range': `The ring in this file is smaller than four windows or larger than 2097152 pieces: ${BROADCASTER}.`,
  'vod-malformed': 'This on-demand torrent is damaged: get it again from where it came from.',
  'vod-too-many-pieces': 'This on-demand torrent has more than 2097152 pieces: make it again with longer pieces.',
  'vod-too-many-files': 'This on-demand torrent has more than 32768 files: pack them into fewer.',
  'path-malformed': `The path of a file in this torrent is missing, too long or not plain text: ${CORRECTED}.`,
  'path-unsafe': `The path of a file in this torrent leads elsewhere, or cannot safely be a file here: ${CORRECTED}.`,
  'path-repeated': `Two files of this torrent would be one file here: ${CORRECTED}.`,
  'file-is-link': `A file of this torrent is a link to another one, which is not safe to make here: ${CORRECTED}.`,
};
