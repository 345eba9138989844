/** What the page of a film asks for each second. */
import { isPlayable, type Torrent } from '@tstream/peer-net';
import type { VodMetainfo } from '@tstream/tstream-format';
import { forecastJson } from './torrent-words.js';

/** What the page knows of a film that the torrent may not tell. */
export interface FilmView {
  /** Index of the file. */
  readonly film: number;
  /** Undefined: not known. */
  readonly durationMs: number | undefined;
}

/**
 * Reads what the page says: which file it shows, and how long the browser found it to be.
 * @param otherwise - The file that it was started with.
 */
export function readFilmView(query: URLSearchParams, metainfo: VodMetainfo, otherwise: number): FilmView {
  const file = Number(query.get('file') ?? 0) - 1;
  const film = metainfo.files[file]?.isPadding === false ? file : otherwise;
  const told = Number(query.get('durationMs') ?? 0);
  const durationMs = told >= 1 && told <= DURATION_MS_MAX ? Math.round(told) : undefined;
  return { film, durationMs: metainfo.perFile[film]?.durationMs ?? (film === file ? durationMs : undefined) };
}

export function viewFigures(torrent: Torrent, { film, durationMs }: FilmView, trouble: string): object {
  const figures = torrent.figures();
  const { metainfo } = torrent;
  // Those that only fill up a piece have no figures.
  const listed = [...metainfo.files.entries()].filter(([, file]) => !file.isPadding);
  return {
    ...figures,
    bytesHeld: figures.bytesWantedHeld,
    trouble,
    file: film + 1,
    ...forecastJson(torrent.forecast(film, durationMs)),
    pieces: torrent.pieceStrip(film, STRIP_CELLS),
    files: listed.map(([index, file], at) => ({
      number: index + 1,
      path: file.path.join('/'),
      lengthBytes: file.lengthBytes,
      heldBytes: figures.files[at]?.heldBytes ?? 0,
      playable: isPlayable(file.path.at(-1) ?? ''),
      durationMs: metainfo.perFile[index]?.durationMs ?? 0,
    })),
    neighbours: figures.neighbours.map(({ piecesHeld, ...neighbour }) => ({
      ...neighbour,
      id: neighbour.id || neighbour.address,
      client: neighbour.kind === 'webSeed' ? 'web seed' : neighbour.client,
      heldShare: piecesHeld / figures.pieces,
      // Who is choked is told this and that, and fed nothing.
      downBitsPerSecond: neighbour.choking ? 0 : neighbour.downBitsPerSecond,
      upBitsPerSecond: neighbour.choked || !neighbour.interestedInUs ? 0 : neighbour.upBitsPerSecond,
    })),
  };
}

/** As many as a strip has room for. */
const STRIP_CELLS = 480;
/** A guess: a week. */
const DURATION_MS_MAX = 604_800_000;
