/** A person's mistake on the command line. Told in one line; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that can't be done as asked. The message says in one line what is wrong and what to do; exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** A person stopped a command that hadn't done what was asked yet. The message says in one line what there is; exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What a person reads of an error: its message in one line, without a stack. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim() || 'failed for no stated reason';
}

/** The system's own word for why a file operation failed, for a person. */
export function systemReason(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return SYSTEM_REASONS[String(code)] ?? oneLine(error);
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  EEXIST: 'something else has this name',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  EADDRINUSE: 'the port is taken',
};
