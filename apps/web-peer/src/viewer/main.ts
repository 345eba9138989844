import { byId, setText } from '../dom.js';
import { NeighboursDiagram } from '../neighbours/neighbours-diagram.js';
import { NeighboursTable } from '../neighbours/neighbours-table.js';
import { pollJson } from '../poll.js';
import { ambientLight } from './ambient-light.js';
import { Controls } from './controls.js';
import { Figures } from './figures.js';
import { Graph } from './graph.js';
import { PiecesStrip } from './pieces-strip.js';
import { StreamPlayer } from './player.js';
import { Stage } from './stage.js';
import { type PeerState, readViewerStats, type ViewerStats } from './viewer-stats.js';

const STATS_MS = 1000;
/** A single late answer is no lost connection. */
const SILENCES_MAX = 2;
const DELIVERING: readonly PeerState[] = ['buffering', 'playing', 'stalled', 'paused', 'stale'];

const streamUrl = new URL('stream', document.baseURI).href;
const video = byId('video', HTMLVideoElement);
const title = byId('title', HTMLElement);
const watch = byId('watch', HTMLElement);
const player = new StreamPlayer(video, streamUrl, {
  phaseChanged: () => drawStage(),
  soundRefused: () => controls.offerSound(),
});
const controls = new Controls(video, player);
const stage = new Stage();
const figures = new Figures();
const strip = new PiecesStrip();
const graph = new Graph();
const diagram = new NeighboursDiagram();
const table = new NeighboursTable();
let stats: ViewerStats | undefined;
let peerAnswers = true;

function drawStage(): void {
  const { phase, hasPicture } = player;
  const soundOnly = hasPicture && video.videoWidth === 0;
  stage.update({ stats, peerAnswers, phase, hasPicture, streamUrl }, soundOnly);
  watch.classList.toggle('lost', !peerAnswers);
  controls.draw();
}

function draw(now: ViewerStats): void {
  stats = now;
  peerAnswers = true;
  player.follow({ delivers: DELIVERING.includes(now.state), plays: now.state === 'playing', run: now.playRun });
  const name = now.title || 'Live stream';
  setText(title, name);
  if (document.title !== name) document.title = name;
  figures.update(now, player.behindMs);
  strip.update(now);
  graph.update(now);
  diagram.update(now.neighbours);
  table.update(now.neighbours);
  drawStage();
}

function silent(timesInARow: number): void {
  if (timesInARow >= SILENCES_MAX) peerAnswers = false;
  drawStage();
}

pollJson(
  () => 'stats.json',
  STATS_MS,
  (json) => {
    const now = readViewerStats(json);
    if (now === undefined) silent(SILENCES_MAX);
    else draw(now);
  },
  silent,
);
for (const change of ['loadeddata', 'emptied', 'ended', 'waiting', 'playing'])
  video.addEventListener(change, drawStage);
ambientLight(byId('ambient', HTMLCanvasElement), video);
drawStage();
