type Child = Node | string;

/** An element with a class and content; texts never become markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** A table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): HTMLElement {
  const [head = [], ...body] = rows;
  const row = (cells: readonly string[], tag: 'td' | 'th') =>
    element('tr', '', ...cells.map((cell) => element(tag, '', cell)));
  const made = element(
    'table',
    '',
    element('thead', '', row(head, 'th')),
    element('tbody', '', ...body.map((cells) => row(cells, 'td'))),
  );
  return element('div', 'scroll', made);
}
