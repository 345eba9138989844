/** A table of delays that somebody measured, from a file beside the scenario. */
import { readFile } from 'node:fs/promises';
import { Failure, systemReason } from '@tstream/command-line';
import type { DelayTable } from '@tstream/swarm-sim';

/** @throws {Failure} If the file can't be read or is no square table: where, and what was expected. */
export async function readDelayTable(path: string): Promise<DelayTable> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${systemReason(error)}`, { cause: error });
  }
  const table = parseDelayTable(text);
  if (typeof table === 'string') throw new Failure(`${path}: ${table}`);
  return table;
}

/** @param text - A row a line, numbers apart by commas or blanks. @returns The table, or what is wrong with it. */
export function parseDelayTable(text: string): DelayTable | string {
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (rows.length === 0 || rows.length > PLACES_MAX) return `expected 1 to ${PLACES_MAX} rows, got ${rows.length}`;
  const table: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const cells = row.trim().split(/\s*,\s*|\s+/);
    if (cells.length !== rows.length)
      return `row ${i + 1}: expected ${rows.length} numbers, as many as rows, got ${cells.length}`;
    const fault = cells.findIndex((cell) => !/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(cell));
    if (fault !== -1) return `row ${i + 1}, column ${fault + 1}: expected a number from 0 on, got '${cells[fault]}'`;
    table.push(cells.map(Number));
  }
  return table;
}

/** Twice the King data set of 1740 name servers. */
const PLACES_MAX = 4000;
