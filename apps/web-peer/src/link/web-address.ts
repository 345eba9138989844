/** An absolute http(s) address; undefined for anything else. @param pageUrl - From where a relative one is meant. */
export function webAddress(text: string, pageUrl: string): string | undefined {
  if (text === '' || !URL.canParse(text, pageUrl)) return undefined;
  const url = new URL(text, pageUrl);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}
