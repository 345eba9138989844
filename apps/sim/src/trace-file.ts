/** The raw trace of one run: one JSON object a line. docs/research.md says what is in it. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Failure, systemReason } from '@tstream/command-line';
import type { TraceRecord } from '@tstream/swarm-sim';
import type { Job } from './jobs.js';

export interface TraceFile {
  readonly write: (record: TraceRecord) => void;
  close(): void;
}

/**
 * Written synchronously, as a run doesn't give way to anybody.
 * @throws {Failure} If the file can't be written.
 */
export function createTraceFile(path: string, { scenario, seed, picker, choker }: Job): TraceFile {
  const told = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw new Failure(`cannot write ${path}: ${systemReason(error)}`, { cause: error });
    }
  };
  const file = told(() => openSync(path, 'w'));
  const head = { format: TRACE_FORMAT, scenario: scenario.title, seed, picker: picker.label, choker: choker.label };
  let text = `${JSON.stringify(head)}\n`;
  const flush = () => {
    told(() => writeSync(file, text));
    text = '';
  };
  return {
    write(record) {
      text += `${JSON.stringify(record)}\n`;
      if (text.length >= FLUSH_LENGTH) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** Changes whenever an older reader would misread a trace. */
const TRACE_FORMAT = 'tstream-trace/1';
/** Few system calls, little memory. */
const FLUSH_LENGTH = 1 << 20;
