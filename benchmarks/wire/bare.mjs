// Nothing but the socket: it moves the bytes that the others move, and does nothing with them. It is also what the others
// talk to, so it says what they need to hear: a handshake, and from the sender an unchoke.
const REQUEST_BYTES = 17;
const BLOCK_BYTES = 16_384;
const MESSAGE_BYTES = 13 + BLOCK_BYTES;
const BLOCKS_PER_PIECE = 8;

const HANDSHAKE = Buffer.concat([Buffer.from('\x13BitTorrent protocol', 'latin1'), Buffer.alloc(48)]);
const UNCHOKE = Buffer.from('0000000101', 'hex');
const begins = Array.from({ length: BLOCKS_PER_PIECE }, (_, i) => i * BLOCK_BYTES);
const requests = Buffer.concat(begins.map((begin) => message(6, 0, begin, u32(BLOCK_BYTES))));
const pieces = begins.map((begin) => message(7, 0, begin, Buffer.alloc(BLOCK_BYTES, 0x47)));

export function send(socket) {
  let bytes = -HANDSHAKE.length;
  let sent = 0;
  socket.write(Buffer.concat([HANDSHAKE, UNCHOKE]));
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    socket.cork();
    for (; bytes >= REQUEST_BYTES; bytes -= REQUEST_BYTES) socket.write(pieces[sent++ % BLOCKS_PER_PIECE]);
    socket.uncork();
  });
}

export async function receive(open, onBlock) {
  let bytes = -HANDSHAKE.length - UNCHOKE.length;
  const socket = await open((chunk) => {
    bytes += chunk.length;
    for (; bytes >= MESSAGE_BYTES; bytes -= MESSAGE_BYTES) onBlock();
  });
  socket.write(HANDSHAKE);
  return () => socket.write(requests);
}

function message(id, index, begin, rest) {
  return Buffer.concat([u32(9 + rest.length), Buffer.of(id), u32(index), u32(begin), rest]);
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
