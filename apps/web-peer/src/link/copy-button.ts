import { icon } from '../icons.js';

const TOLD_MS = 1800;

/** Makes a button copy the text of an element. */
export function copyButton(button: HTMLButtonElement, from: Element): void {
  let back: number | undefined;
  button.append(icon('copy'));
  button.addEventListener('click', async () => {
    const copied = await copy(from);
    button.replaceChildren(icon(copied ? 'done' : 'copy'));
    button.classList.toggle('done', copied);
    clearTimeout(back);
    back = window.setTimeout(() => {
      button.replaceChildren(icon('copy'));
      button.classList.remove('done');
    }, TOLD_MS);
  });
}

// The clipboard API is for https and localhost; most broadcasters' pages are neither. Whatever fails, the text is selected.
async function copy(from: Element): Promise<boolean> {
  getSelection()?.selectAllChildren(from);
  if (!window.isSecureContext) return document.execCommand('copy');
  try {
    await navigator.clipboard.writeText(from.textContent ?? '');
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
