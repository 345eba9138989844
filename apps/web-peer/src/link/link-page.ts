/** What the pages that give a link away have alike: of a live stream, and of films. Each has the same ids in its HTML. */
import { byId, setText } from '../dom.js';
import { icon } from '../icons.js';
import { pollJson } from '../poll.js';
import { copyButton } from './copy-button.js';
import { qrCode } from './qr-code.js';

export interface LinkPage<Status> {
  /** Undefined: it is no answer of whoever gives the link away. */
  readonly read: (json: unknown, baseUrl: string) => Status | undefined;
  readonly draw: (status: Status) => void;
  /** A sentence for people, when nobody answers. */
  readonly silence: string;
}

/** Asks for the status again and again, and shows it. */
export function startLinkPage<Status>({ read, draw, silence }: LinkPage<Status>): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    copyButton(button, byId(button.dataset['copy'] ?? '', HTMLElement));
  }
  byId('save', HTMLAnchorElement).prepend(icon('save'));
  const silent = (timesInARow: number) => {
    if (timesInARow < SILENCES_MAX) return;
    drawState('No answer', 'lost');
    document.body.classList.add('lost');
    setText(byId('sentence', HTMLElement), silence);
  };
  pollJson(
    () => 'status.json',
    STATUS_MS,
    (json) => {
      const status = read(json, document.baseURI);
      if (status === undefined) return silent(SILENCES_MAX);
      document.body.classList.remove('lost');
      draw(status);
    },
    silent,
  );
}

export function drawTitle(title: string): void {
  setText(byId('title', HTMLElement), title);
  if (document.title !== title) document.title = title;
}

/** @param look - What the style sheet knows the state by. */
export function drawState(words: string, look: string): void {
  const state = byId('state', HTMLElement);
  setText(state, words);
  state.dataset['state'] = look;
}

/** The link as a picture, and what to do with it. */
export function drawCode(link: string): void {
  const code = qrCode(link);
  const frame = byId('qr', HTMLElement);
  frame.hidden = code === undefined;
  if (code !== undefined) frame.replaceChildren(code);
  byId('how', HTMLElement).hidden = false;
}

export function drawFigure(name: string, value: string, words: string): void {
  setText(byId(`${name}-value`, HTMLElement), value);
  setText(byId(`${name}-words`, HTMLElement), words);
}

const STATUS_MS = 2000;
const SILENCES_MAX = 2;
