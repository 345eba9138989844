/** Disks that are soon full, or take nothing at all: a tmpfs, seen by one program only. */
import { spawnSync } from 'node:child_process';
import type { TestOptions } from 'vitest';

/** The first way to a mount of one's own that works here: as root, or as root of a user namespace. */
const unshare = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
].find(([program = '', ...args]) => spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0);

/** Test options: skipped, and named, where no file system can be mounted. */
export const needsSmallDisk: Pick<TestOptions, 'skip' | 'meta'> = {
  skip: unshare === undefined,
  meta: unshare === undefined ? { missing: ['a file system of its own (unshare, as root or by user namespaces)'] } : {},
};

/**
 * What starts a program with such a disk.
 * @param disk - Mounted on `folder`, in steps of 4 KiB; `fullBytes` of it are taken. `keep`: a folder for what is on the
 * disk at the end.
 */
export function throughSmallDisk(disk: { folder: string; bytes: number; fullBytes?: number; keep: string }) {
  const script = [
    'mount -t tmpfs -o "size=$2" none "$1" || exit 99',
    'if [ "$3" -gt 0 ]; then head -c "$3" /dev/zero > "$1/full"; fi',
    'disk=$1 keep=$4; shift 4',
    '"$@"; code=$?',
    'rm -f "$disk/full"; cp -r "$disk/." "$keep"',
    'exit $code',
  ].join('\n');
  const { folder, bytes, fullBytes = 0, keep } = disk;
  const words = [...(unshare ?? []), 'sh', '-c', script, 'sh', folder, String(bytes), String(fullBytes), keep];
  return words as [string, ...string[]];
}

/**
 * What starts a program with a disk on `folder` that nobody may write to, not even root.
 * @param file - What is on it.
 */
export function throughReadOnlyDisk(folder: string, file: string) {
  const script = 'mount -t tmpfs none "$1" && cp "$2" "$1" && mount -o remount,ro "$1" || exit 99\nshift 2\nexec "$@"';
  const words = [...(unshare ?? []), 'sh', '-c', script, 'sh', folder, file];
  return words as [string, ...string[]];
}
