import { displayText } from './format.js';

/** The named fields of a JSON object, each with what stands in for it when it is absent or of another type. */
export interface Fields {
  number(name: string): number;
  /** A text as one clean line, cut at `charactersMax` (200). */
  text(name: string, charactersMax?: number): string;
  flag(name: string): boolean;
  list(name: string): readonly unknown[];
  /** One of a closed set of words. */
  word<W extends string>(name: string, words: readonly W[], otherwise: W): W;
  object(name: string): Fields;
  has(name: string): boolean;
}

/**
 * Reads a parsed JSON value field by field. It never throws: a program of another version may answer, and a figure that is
 * missing must not take the picture away.
 * @param json - What `JSON.parse` returned.
 */
export function fieldsOf(json: unknown): Fields {
  const record: Readonly<Record<string, unknown>> = isRecord(json) ? json : {};
  const own = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);
  return {
    number(name) {
      const value = own(name);
      return typeof value === 'number' && Number.isFinite(value) ? value : 0;
    },
    text(name, charactersMax) {
      const value = own(name);
      return typeof value === 'string' ? displayText(value, charactersMax) : '';
    },
    flag: (name) => own(name) === true,
    list(name) {
      const value = own(name);
      return Array.isArray(value) ? value : [];
    },
    word(name, words, otherwise) {
      const value = own(name);
      return words.find((word) => word === value) ?? otherwise;
    },
    object: (name) => fieldsOf(own(name)),
    has: (name) => own(name) !== undefined && own(name) !== null,
  };
}

export function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
