/** Results for other programs: one file a table, one row a fact. docs/research.md tells of each column. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, makeFolder, systemReason } from '@tstream/command-line';
import type { RunResult } from '@tstream/swarm-sim';
import { flatten } from './figures.js';
import type { Study, Variant } from './study.js';

type Cell = string | number;
type Row = Readonly<Record<string, Cell>>;

/** @throws {Failure} If the folder or a file can't be written. */
export async function writeCsv(folder: string, study: Study): Promise<void> {
  try {
    await makeFolder(folder);
    for (const [name, rows] of Object.entries(csvFiles(study))) await writeFile(join(folder, name), rows);
  } catch (error) {
    throw new Failure(`cannot write to ${folder}: ${systemReason(error)}`, { cause: error });
  }
}

/** Contents by the file's name. */
export function csvFiles({ variants }: Study): Record<string, string> {
  const files = Object.entries(TABLES).map(([name, rowsOf]) => {
    const rows = variants.flatMap((variant) =>
      variant.results.flatMap((result) => rowsOf(result, variant).map((row) => ({ ...keys(result, variant), ...row }))),
    );
    return [name, render(rows)];
  });
  // Pairs of peers are told of small swarms only.
  return Object.fromEntries(files.filter(([, text]) => text !== '')) as Record<string, string>;
}

/** The first columns of every file. */
function keys({ seed, picker, choker }: RunResult, { label }: Variant): Row {
  return { variant: label, seed, picker, choker };
}

const TABLES: Readonly<Record<string, (result: RunResult, variant: Variant) => readonly Row[]>> = {
  'runs.csv': (result) => [
    {
      scenario: result.scenario,
      traceHash: result.traceHash,
      messages: result.messages,
      virtualSeconds: result.virtualSeconds,
      pieceMs: result.pieceMs,
      'source.uploadMultiple': result.source.uploadMultiple,
      'source.videoUploadMultiple': result.source.videoUploadMultiple,
      overheadShare: result.overheadShare,
      failedBounds: result.failedBounds.length,
    },
  ],
  'classes.csv': ({ classes }) =>
    Object.entries(classes).map(([name, figures]) => ({ class: name, ...flatten(figures) })),
  'series.csv': ({ series }) =>
    series.atSeconds.map((atSeconds, i) => ({
      atSeconds,
      online: series.online[i] ?? '',
      stalledNow: series.stalledNow[i] ?? '',
      lossShare: series.lossShare[i] ?? '',
      sourceMultiple: series.sourceMultiple[i] ?? '',
      overheadShare: series.overheadShare[i] ?? '',
    })),
  'wire.csv': ({ wireBytes }) => Object.entries(wireBytes).map(([kind, bytes]) => ({ kind, bytes })),
  'fed-by.csv': ({ fedBy: { atSeconds, classes } }) =>
    classes.flatMap(({ receiver, sender, bytes }) => overTime(atSeconds, bytes, { receiver, sender })),
  'hops.csv': ({ fedBy: { atSeconds, hops } }) =>
    hops.flatMap(({ hops, bytes }) => overTime(atSeconds, bytes, { hops })),
  'fed-by-peers.csv': ({ fedBy: { atSeconds, peers } }) =>
    (peers?.pairs ?? []).flatMap(({ receiver, sender, bytes }) => {
      const pair = {
        receiver,
        receiverClass: peers?.classes[receiver] ?? '',
        sender,
        senderClass: peers?.classes[sender] ?? '',
      };
      return overTime(atSeconds, bytes, pair);
    }),
};

/** A row for each slice of time in which there was anything. */
function overTime(atSeconds: readonly number[], bytes: readonly number[], of: Row): Row[] {
  return atSeconds.flatMap((at, i) => ((bytes[i] ?? 0) > 0 ? [{ atSeconds: at, ...of, bytes: bytes[i] ?? 0 }] : []));
}

function render(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map((cells) => `${cells.map(quote).join(',')}\n`).join('');
}

/** RFC 4180; what isn't a finite number is an empty cell. */
function quote(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
