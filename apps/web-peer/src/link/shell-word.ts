/** Characters that no shell takes for anything but themselves. */
const PLAIN = /^[\w@%+=:,./~-]+$/;
const PLAIN_IN_QUOTES = /[^\w@%+=:,./~\-?&#[\]]/gu;

/**
 * A link as one word of a command line: as it is where that is safe, else percent-encoded, and in double quotes if it
 * has a query. Whoever copies the command must not run what a name says.
 */
export function shellWord(url: string): string {
  if (PLAIN.test(url)) return url;
  const encoded = url.replace(PLAIN_IN_QUOTES, percentEncode);
  return PLAIN.test(encoded) ? encoded : `"${encoded}"`;
}

function percentEncode(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
