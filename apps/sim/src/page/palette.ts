/** Colours of the charts, for both grounds; classes are told apart also by those who see fewer colours. */

export interface Palette {
  readonly text: string;
  readonly soft: string;
  readonly line: string;
  readonly ground: string;
  readonly good: string;
  readonly bad: string;
  /** What no policy can beat. */
  readonly limit: string;
  readonly source: string;
  readonly classes: readonly string[];
}

const LIGHT: Palette = {
  text: '#17202a',
  soft: '#5b6875',
  line: '#e1e5ea',
  ground: '#ffffff',
  good: '#1a7f4b',
  bad: '#c0392b',
  limit: '#8a3ffc',
  source: '#c98500',
  classes: ['#3b62c4', '#1f9e89', '#e07a3f', '#b0479b', '#6b8e23', '#5f7285', '#a6503a', '#2a9fd0'],
};

const DARK: Palette = {
  text: '#e8edf2',
  soft: '#9eabb8',
  line: '#27303b',
  ground: '#161c24',
  good: '#58d3a0',
  bad: '#ff8a7e',
  limit: '#c79bff',
  source: '#f3bd6d',
  classes: ['#7fa2ff', '#4fd1b5', '#ffa36b', '#e58fd3', '#b5d46a', '#a9b8c6', '#e39a84', '#6cc8f2'],
};

/** The palette of the page as it is shown now. */
export function currentPalette(): Palette {
  return isDark() ? DARK : LIGHT;
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

export function colourOf(palette: Palette, index: number): string {
  return palette.classes[index % palette.classes.length] ?? palette.text;
}
