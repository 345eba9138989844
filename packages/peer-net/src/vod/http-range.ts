/**
 * Which bytes a GET or HEAD asks for: Range, If-Range and the conditions of RFC 9110, over a content whose length and strong entity tag
 * are known. Pure. Whatever it can't read it ignores, as the RFC wants (§14.2): then the whole is the answer.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** What to answer. Bytes from `fromByte` on, up to `toByte` (exclusive). */
export type Selection =
  | { readonly status: 200 }
  | { readonly status: 206; readonly fromByte: number; readonly toByte: number }
  /** The client has it already. */
  | { readonly status: 304 }
  /** The client wants another content than this one. */
  | { readonly status: 412 }
  | { readonly status: 416 };

export interface Selected {
  readonly lengthBytes: number;
  /** Strong, in its quotes. */
  readonly etag: string;
}

/** @param method - GET, or HEAD, for which no range is defined (RFC 9110 §14.2). */
export function selectBytes(method: string | undefined, headers: IncomingHttpHeaders, content: Selected): Selection {
  const { etag, lengthBytes } = content;
  // In this order: RFC 9110 §13.2.2.
  const match = headers['if-match'];
  if (match !== undefined && !listsTag(match, etag, false)) return { status: 412 };
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined && listsTag(noneMatch, etag, true)) return { status: 304 };
  const { range } = headers;
  if (method !== 'GET' || range === undefined) return { status: 200 };
  // A date never matches: a torrent has none. Nor does a weak tag (§13.1.5).
  const ifRange = headers['if-range'];
  if (ifRange !== undefined && String(ifRange).trim() !== etag) return { status: 200 };
  return selectRange(range, lengthBytes);
}

/**
 * One range is answered as one. Several would need `multipart/byteranges`, which no player asks for: where more than one can be satisfied
 * the answer is the whole, as the RFC allows.
 */
export function selectRange(range: string, lengthBytes: number): Selection {
  const specs = readSpecs(range);
  if (specs === undefined) return { status: 200 };
  const satisfiable = specs.map((spec) => place(spec, lengthBytes)).filter((part) => part !== undefined);
  const [first, ...others] = satisfiable;
  if (first === undefined) return { status: 416 };
  // No `Content-Range` can tell of nothing.
  if (others.length > 0 || first.toByte === first.fromByte) return { status: 200 };
  return { status: 206, ...first };
}

/** `5-9`, `5-` or `-9`. */
interface Spec {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/** Undefined if it is of another unit, or breaks the grammar (§14.1.1) anywhere. */
function readSpecs(range: string): Spec[] | undefined {
  const set = /^bytes=(.*)$/i.exec(range.trim())?.[1];
  if (set === undefined) return undefined;
  const specs: Spec[] = [];
  // Elements of a list may be empty (§5.6.1.2).
  for (const text of set
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')) {
    const match = /^(\d*)-(\d*)$/.exec(text);
    const first = digits(match?.[1]);
    const last = digits(match?.[2]);
    if (first === undefined && last === undefined) return undefined;
    if (first !== undefined && last !== undefined && last < first) return undefined;
    specs.push({ first, last });
  }
  return specs.length > 0 ? specs : undefined;
}

function digits(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

/** Undefined if it can't be satisfied (§14.1.2). */
function place({ first, last }: Spec, lengthBytes: number): { fromByte: number; toByte: number } | undefined {
  if (first === undefined) {
    const suffixBytes = last ?? 0;
    return suffixBytes === 0 ? undefined : { fromByte: Math.max(0, lengthBytes - suffixBytes), toByte: lengthBytes };
  }
  if (first >= lengthBytes) return undefined;
  return { fromByte: first, toByte: Math.min(lengthBytes, last === undefined ? lengthBytes : last + 1) };
}

/** Whether a list of entity tags, or `*`, has this one; weakly: `W/` makes no difference (§8.8.3.2). */
function listsTag(list: string, etag: string, weakly: boolean): boolean {
  if (list.trim() === '*') return true;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag === etag || (weakly && tag === `W/${etag}`));
}
