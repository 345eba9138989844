/** A file of a torrent into a pipe, in order, as fast as the pipe takes it. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Failure } from '@tstream/command-line';
import type { Torrent } from '@tstream/peer-net';

/** @throws {Failure} If the pipe is closed by the other side. */
export async function writeFile(torrent: Torrent, file: number, sink: Writable, stop: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const onGone = () => gone.abort(new Failure('standard output was closed'));
  sink.on('error', onGone).once('close', onGone);
  const signal = AbortSignal.any([stop, gone.signal]);
  const { lengthBytes = 0 } = torrent.metainfo.files[file] ?? {};
  for await (const bytes of torrent.read(file, 0, lengthBytes, { playing: true, signal })) {
    if (signal.aborted) break;
    if (!sink.write(bytes)) await once(sink, 'drain', { signal }).catch(() => undefined);
  }
  gone.signal.throwIfAborted();
}
