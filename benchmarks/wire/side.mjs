// One side of a connection, driven by run.mjs: node side.mjs CODEC sender|receiver [PORT]
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const BLOCKS_PER_PIECE = 8;
/** Pieces that are asked for and not there yet. */
const PIECES_AHEAD = 4;

const [codecName, role, port] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const codec = await import(`./${codecName}.mjs`);

if (role === 'sender') await runSender();
else await runReceiver();

async function runSender() {
  codec.send(await open());
  let begun;
  process.on('message', (what) => {
    if (what === 'begin') begun = process.cpuUsage();
    process.send({ cpuMicroseconds: spentSince(begun) });
  });
}

async function runReceiver() {
  let blocksLeft = 0;
  let piecesToAsk = 0;
  let begun;
  const requestPiece = await codec.receive(open, () => {
    blocksLeft--;
    if (blocksLeft % BLOCKS_PER_PIECE === 0 && piecesToAsk > 0) {
      piecesToAsk--;
      requestPiece();
    }
    if (blocksLeft === 0) process.send({ cpuMicroseconds: spentSince(begun) });
  });
  process.on('message', ({ pieces }) => {
    begun = process.cpuUsage();
    blocksLeft = pieces * BLOCKS_PER_PIECE;
    piecesToAsk = pieces - PIECES_AHEAD;
    for (let i = 0; i < PIECES_AHEAD; i++) requestPiece();
  });
  process.send({ ready: true });
}

/**
 * The connection. With `onChunk`, what comes is read the cheapest way that such a socket has: an outgoing one into one
 * buffer again and again, an accepted one (it ignores `onread`) by events, each with memory of its own. `onChunk` is told
 * whether what it gets lasts.
 */
async function open(onChunk) {
  if (port === undefined) {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.send({ port: server.address().port });
    const [socket] = await once(server, 'connection');
    return onChunk ? socket.on('data', (chunk) => onChunk(chunk, true)) : socket;
  }
  const onread = onChunk && {
    buffer: Buffer.alloc(65_536),
    callback(bytes, buffer) {
      onChunk(buffer.subarray(0, bytes), false);
      return true;
    },
  };
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true, ...(onread && { onread }) });
  await once(socket, 'connect');
  return socket;
}

function spentSince(begun) {
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}
