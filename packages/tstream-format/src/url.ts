/** The narrow grammar of URLs that come from strangers and get dialled: what all parsers of URLs agree on. */

/**
 * @returns Scheme in lower case and port, or undefined if `url` is outside the grammar: a host without user name,
 *   printable ASCII only, at most 2048 bytes.
 * @see spec/0001-tstream-metainfo.md §3.3
 */
export function urlParts(url: string): { readonly scheme: string; readonly port: number | undefined } | undefined {
  const parts = url.length > URL_BYTES_MAX ? null : URL_GRAMMAR.exec(url);
  if (parts === null) return undefined;
  const [, scheme = '', digits] = parts;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  return { scheme: scheme.toLowerCase(), port };
}

/** What browsers and servers are known to take. */
export const URL_BYTES_MAX = 2048;
/** Groups: scheme, port. */
const URL_GRAMMAR =
  /^([a-z]{2,5}):\/\/(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?(?:[/?][a-z0-9!$%&'()*+,\-./:;=?@[\]_~]*)?$/i;
