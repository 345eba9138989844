import { connect, type OnReadOpts, type Socket } from 'node:net';
import type { PeerAddress } from '@tstream/wire-ext';

export interface DialHooks {
  /** Bytes came in; they are overwritten afterwards. */
  readonly onBytes: (chunk: Uint8Array) => void;
  readonly onConnected: (socket: Socket) => void;
  /** No connection came about. Never after `onConnected`. */
  readonly onFailed: (error: Error) => void;
}

/**
 * Opens a TCP connection that reads into one buffer of its own, which costs half of `data` events.
 * @returns Gives up; nothing is called afterwards.
 */
export function dial({ address, port }: PeerAddress, hooks: DialHooks): () => void {
  let settled = false;
  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (bytes, buffer) => {
      hooks.onBytes(buffer.subarray(0, bytes));
      return true;
    },
  };
  const socket = connect({ host: address, port, onread });
  const timer = setTimeout(() => fail(new Error('no answer')), CONNECT_MS_MAX);
  const settle = () => {
    settled = true;
    clearTimeout(timer);
  };
  const fail = (error: Error) => {
    if (settled) return;
    settle();
    socket.destroy();
    hooks.onFailed(error);
  };
  socket.on('error', fail);
  socket.once('connect', () => {
    if (settled) return;
    settle();
    hooks.onConnected(socket);
  });
  return () => {
    settle();
    socket.destroy();
  };
}

const READ_BYTES = 64 * 1024;
const CONNECT_MS_MAX = 5000;
