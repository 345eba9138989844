import { byId, setText } from '../dom.js';
import { NeighboursDiagram } from '../neighbours/neighbours-diagram.js';
import { NeighboursTable } from '../neighbours/neighbours-table.js';
import { pollJson } from '../poll.js';
import { FileList } from './file-list.js';
import { type FilmView, filmMessage, filmWord } from './film-message.js';
import { FilmPlayer } from './film-player.js';
import { FilmStrip } from './film-strip.js';
import { VodFigures } from './vod-figures.js';
import { readVodStats, type VodStats } from './vod-stats.js';

const STATS_MS = 1000;
/** A single late answer is no lost connection. */
const SILENCES_MAX = 2;

const video = byId('video', HTMLVideoElement);
const title = byId('title', HTMLElement);
const message = byId('message', HTMLElement);
const state = byId('state', HTMLElement);
const playNow = byId('play-now', HTMLButtonElement);
const player = new FilmPlayer(video, { changed: () => drawStage() });
const figures = new VodFigures();
const strip = new FilmStrip(video);
const list = new FileList((number) => choose(number));
const diagram = new NeighboursDiagram();
const table = new NeighboursTable();
let stats: VodStats | undefined;
let peerAnswers = true;
/** The file that the person chose; 0: what the peer was started with. */
let chosen = 0;

function draw(now: VodStats): void {
  stats = now;
  peerAnswers = true;
  chosen ||= now.file;
  const file = now.files.find(({ number }) => number === chosen);
  const name = now.files.length > 1 && file !== undefined ? file.path : now.title || 'Film';
  setText(title, name);
  if (document.title !== name) document.title = name;
  if (file !== undefined) player.load(new URL(file.url, document.baseURI).href);
  // Figures of the file before it tell nothing of this one.
  if (now.file === chosen && mayBegin(now)) player.play();
  figures.update(now);
  strip.update(now, file);
  list.update(now.files, chosen);
  diagram.update(now.neighbours);
  table.update(now.neighbours);
  drawStage();
}

/** What is in and the speed carry it to its end; and the browser has something to show. */
function mayBegin({ forecast }: VodStats): boolean {
  if (player.begun || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return false;
  return forecast.kind === 'starts' && forecast.inMs === 0;
}

function choose(number: number): void {
  chosen = number;
  if (stats !== undefined) draw(stats);
}

function drawStage(): void {
  const { phase, hasPicture, url } = player;
  const view: FilmView = { stats, peerAnswers, phase, hasPicture, filmUrl: url };
  const told = filmMessage(view);
  message.hidden = told === undefined;
  if (told !== undefined) {
    message.className = `message ${told.weight}${told.busy ? ' busy' : ''}`;
    setText(byId('message-title', HTMLElement), told.title);
    setText(byId('message-text', HTMLElement), told.text);
  }
  playNow.hidden = told?.offersPlay !== true;
  const { word, state: name } = filmWord(view);
  setText(state, word);
  state.dataset['state'] = name;
  byId('watch', HTMLElement).classList.toggle('lost', !peerAnswers);
}

function silent(timesInARow: number): void {
  if (timesInARow >= SILENCES_MAX) peerAnswers = false;
  drawStage();
}

/** The peer may not know how long the film is; the browser does as soon as it has read its head. */
function question(): string {
  const durationMs = Number.isFinite(video.duration) ? Math.round(video.duration * 1000) : 0;
  return `stats.json?file=${chosen}&durationMs=${durationMs}`;
}

playNow.addEventListener('click', () => player.play());
pollJson(
  question,
  STATS_MS,
  (json) => {
    const now = readVodStats(json);
    if (now === undefined) silent(SILENCES_MAX);
    else draw(now);
  },
  silent,
);
drawStage();
