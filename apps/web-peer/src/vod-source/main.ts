import { byId, el, setText } from '../dom.js';
import { formatBytes, formatDuration, formatMultiple, formatRate } from '../format.js';
import { icon } from '../icons.js';
import { drawCode, drawFigure, drawState, drawTitle, startLinkPage } from '../link/link-page.js';
import { shellWord } from '../link/shell-word.js';
import { type ListedFile, readVodStatus, type VodStatus } from './vod-status.js';

let links: string | undefined;
let listed: string | undefined;

function draw(status: VodStatus): void {
  drawTitle(status.title || status.name || 'Film');
  drawState('On demand', 'live');
  const lasts = status.durationMs > 0 ? `${formatDuration(status.durationMs)}, ` : '';
  setText(byId('sentence', HTMLElement), `${lasts}${formatBytes(status.lengthBytes)}, by BitTorrent.`);
  drawLinks(status);
  drawFiles(status.files);
  drawFigures(status);
}

function drawLinks({ torrentUrl, magnet, name }: VodStatus): void {
  const link = magnet ?? torrentUrl;
  if (link === undefined || links === `${torrentUrl} ${magnet}`) return;
  links = `${torrentUrl} ${magnet}`;
  setText(byId('link', HTMLElement), link);
  const save = byId('save', HTMLAnchorElement);
  save.hidden = torrentUrl === undefined;
  if (torrentUrl !== undefined) save.href = torrentUrl;
  save.download = `${name || 'film'}.torrent`;
  const open = byId('magnet', HTMLAnchorElement);
  open.hidden = magnet === undefined;
  if (magnet !== undefined) open.href = magnet;
  const source = shellWord(torrentUrl ?? link);
  setText(byId('command-watch', HTMLElement), `tstream-peer watch ${source}`);
  setText(byId('command-watch-vlc', HTMLElement), `tstream-peer watch ${source} --player vlc`);
  setText(byId('command-download', HTMLElement), `tstream-peer download ${source} --out .`);
  drawCode(link);
}

function drawFiles(files: readonly ListedFile[]): void {
  const drawn = JSON.stringify(files);
  if (drawn === listed) return;
  listed = drawn;
  byId('files-panel', HTMLElement).hidden = files.length === 0;
  byId('files', HTMLElement).replaceChildren(...files.map(row));
}

function row(file: ListedFile): HTMLLIElement {
  const words = [formatBytes(file.lengthBytes), ...(file.durationMs > 0 ? [formatDuration(file.durationMs)] : [])];
  const picture = file.hasThumb
    ? el('img', { src: `thumbs/${file.number}`, alt: '', loading: 'lazy' })
    : el('span', { class: 'no-picture', 'aria-hidden': 'true' }, icon('play'));
  return el(
    'li',
    {},
    picture,
    el('span', { class: 'name' }, file.path),
    el('span', { class: 'words' }, words.join(' · ')),
  );
}

function drawFigures(status: VodStatus): void {
  const { peers, seeders, upBytes, upBitsPerSecond, maxUploadBitsPerSecond, lengthBytes, uptimeMs } = status;
  drawFigure('peers', String(peers), `${peers === 1 ? 'peer' : 'peers'} connected here now`);
  drawFigure('seeders', String(seeders), seeders === 1 ? 'of them has all of it' : 'of them have all of it');
  const most = maxUploadBitsPerSecond > 0 ? `, at most ${formatRate(maxUploadBitsPerSecond)}` : '';
  drawFigure('upload', formatRate(upBitsPerSecond), `up${most}`);
  drawFigure(
    'copies',
    formatMultiple(lengthBytes > 0 ? upBytes / lengthBytes : 0),
    `its size sent: ${formatBytes(upBytes)}`,
  );
  setText(byId('foot', HTMLElement), uptimeMs > 0 ? `here for ${formatDuration(uptimeMs)}` : '');
  setText(byId('infohash', HTMLElement), status.infohash);
}

startLinkPage({
  read: readVodStatus,
  draw,
  silence: 'The seeder does not answer. This page goes on by itself when it does.',
});
