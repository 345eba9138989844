import { byId, setText } from '../dom.js';
import { type StageView, stageMessage, stateWord } from './stage-message.js';

/** What lies over the picture when it needs words, and the state in the page's corner. */
export class Stage {
  readonly #stage = byId('stage', HTMLElement);
  readonly #message = byId('message', HTMLElement);
  readonly #title = byId('message-title', HTMLElement);
  readonly #text = byId('message-text', HTMLElement);
  readonly #state = byId('state', HTMLElement);

  update(view: StageView, soundOnly: boolean): void {
    const message = stageMessage(view);
    this.#message.hidden = message === undefined;
    if (message !== undefined) {
      this.#message.className = `message ${message.weight}${message.busy ? ' busy' : ''}`;
      setText(this.#title, message.title);
      setText(this.#text, message.text);
    }
    this.#stage.classList.toggle('sound-only', soundOnly && message?.weight !== 'cover');
    setText(this.#state, stateWord(view));
    this.#state.dataset['state'] = view.peerAnswers ? (view.stats?.state ?? 'connecting') : 'lost';
  }
}
