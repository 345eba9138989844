/** What a file system says, in words for a person. */

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? codeOf(error);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something else has this name',
  ELOOP: 'it is a link to somewhere else',
  EACCES: 'no right to',
  EPERM: 'no right to',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file system takes no files of this size',
  EMFILE: 'too many files are open',
  EIO: 'the disk fails',
};
