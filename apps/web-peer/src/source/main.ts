import { byId, setText } from '../dom.js';
import { formatCount, formatMultiple, formatRate } from '../format.js';
import { drawCode, drawFigure, drawState, drawTitle, startLinkPage } from '../link/link-page.js';
import { readSourceStatus, type SourceStatus } from './source-status.js';
import { commands, health, liveSentence, STATE_WORDS, saving } from './source-words.js';

let link: string | undefined;

function draw(status: SourceStatus): void {
  drawTitle(status.title || status.name || 'Live stream');
  drawState(STATE_WORDS[status.inputState], status.inputState);
  setText(byId('sentence', HTMLElement), liveSentence(status));
  if (status.tstreamUrl !== undefined) drawLink(status.tstreamUrl, status.name);
  drawFigures(status);
}

function drawLink(url: string, name: string): void {
  if (url === link) return;
  link = url;
  setText(byId('link', HTMLElement), url);
  const save = byId('save', HTMLAnchorElement);
  save.href = url;
  save.download = `${name || 'stream'}.tstream`;
  for (const { id, text } of commands(url)) setText(byId(`command-${id}`, HTMLElement), text);
  drawCode(url);
}

function drawFigures(status: SourceStatus): void {
  drawFigure('viewers', String(status.peers), `${status.peers === 1 ? 'viewer' : 'viewers'} connected here now`);
  const most = status.maxUploadBitsPerSecond > 0 ? `, at most ${formatRate(status.maxUploadBitsPerSecond)}` : '';
  drawFigure(
    'multiple',
    formatMultiple(status.uploadMultiple),
    `the stream: ${formatRate(status.upBitsPerSecond)} up${most}`,
  );
  const { word, text } = health(status);
  drawFigure('health', word, text);
  drawFigure('bitrate', formatRate(status.inBitsPerSecond), 'bitrate of the stream');
  drawSaving(status);
  const foot = [
    formatCount(status.viewersEver, 'viewer').concat(' so far'),
    `run ${status.run}`,
    ...(status.reachable === 'unknown'
      ? []
      : [status.reachable === 'yes' ? 'reachable from outside' : 'not reachable from outside']),
  ];
  setText(byId('foot', HTMLElement), foot.join(' · '));
  setText(byId('infohash', HTMLElement), status.infohash);
}

function drawSaving(status: SourceStatus): void {
  const bars = saving(status);
  byId('saving', HTMLElement).hidden = bars === undefined;
  if (bars === undefined) return;
  byId('saving-bar', HTMLElement).style.width = `${bars.share * 100}%`;
  setText(byId('saving-with', HTMLElement), bars.withSharing);
  setText(byId('saving-without', HTMLElement), bars.without);
}

startLinkPage({
  read: readSourceStatus,
  draw,
  silence: 'The broadcaster does not answer. This page goes on by itself when it does.',
});
