import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@tstream/command-line';

/** Whether this is the first start of this person on this machine; the next one isn't. */
export async function isFirstStart(): Promise<boolean> {
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  try {
    await makeFolder(join(state, 'tstream'));
    await writeFile(join(state, 'tstream', 'greeted'), '', { flag: 'wx' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

export const FIRST_START_NOTE =
  'Note: while you watch, you forward what you have to other viewers, and they see the address of this machine. --max-upload limits the forwarding.';
