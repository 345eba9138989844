import { byId, setText } from '../dom.js';
import { formatCount, formatMultiple, formatRate } from '../format.js';
import { icon } from '../icons.js';
import { copyButton } from '../link/copy-button.js';
import { qrCode } from '../link/qr-code.js';
import { pollJson } from '../poll.js';
import { readSourceStatus, type SourceStatus } from './source-status.js';
import { commands, health, liveSentence, STATE_WORDS, saving } from './source-words.js';

const STATUS_MS = 2000;
const SILENCES_MAX = 2;

const state = byId('state', HTMLElement);
let link: string | undefined;

function draw(status: SourceStatus): void {
  const title = status.title || status.name || 'Live stream';
  setText(byId('title', HTMLElement), title);
  if (document.title !== title) document.title = title;
  setText(state, STATE_WORDS[status.inputState]);
  state.dataset['state'] = status.inputState;
  setText(byId('sentence', HTMLElement), liveSentence(status));
  document.body.classList.remove('lost');
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
  const code = qrCode(url);
  const frame = byId('qr', HTMLElement);
  frame.hidden = code === undefined;
  if (code !== undefined) frame.replaceChildren(code);
  byId('how', HTMLElement).hidden = false;
}

function drawFigures(status: SourceStatus): void {
  figure('viewers', String(status.peers), `${status.peers === 1 ? 'viewer' : 'viewers'} connected here now`);
  const most = status.maxUploadBitsPerSecond > 0 ? `, at most ${formatRate(status.maxUploadBitsPerSecond)}` : '';
  figure(
    'multiple',
    formatMultiple(status.uploadMultiple),
    `the stream: ${formatRate(status.upBitsPerSecond)} up${most}`,
  );
  const { word, text } = health(status);
  figure('health', word, text);
  figure('bitrate', formatRate(status.inBitsPerSecond), 'bitrate of the stream');
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

function figure(name: string, value: string, words: string): void {
  setText(byId(`${name}-value`, HTMLElement), value);
  setText(byId(`${name}-words`, HTMLElement), words);
}

function silent(timesInARow: number): void {
  if (timesInARow < SILENCES_MAX) return;
  setText(state, 'No answer');
  state.dataset['state'] = 'lost';
  document.body.classList.add('lost');
  setText(byId('sentence', HTMLElement), 'The broadcaster does not answer. This page goes on by itself when it does.');
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  copyButton(button, byId(button.dataset['copy'] ?? '', HTMLElement));
}
byId('save', HTMLAnchorElement).prepend(icon('save'));
pollJson(
  () => 'status.json',
  STATUS_MS,
  (json) => {
    const status = readSourceStatus(json, document.baseURI);
    if (status === undefined) silent(SILENCES_MAX);
    else draw(status);
  },
  silent,
);
