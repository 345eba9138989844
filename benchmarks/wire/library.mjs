// bittorrent-protocol, used as its README says.
import Wire from 'bittorrent-protocol';

const BLOCK_BYTES = 16_384;
const PIECE_BYTES = 8 * BLOCK_BYTES;

const payload = Buffer.alloc(PIECE_BYTES, 0x47);

export function send(socket) {
  const wire = greeted(socket);
  wire.unchoke();
  wire.on('request', (_index, begin, length, respond) => respond(null, payload.subarray(begin, begin + length)));
}

export async function receive(open, onBlock) {
  const wire = greeted(await open());
  if (wire.peerChoking) await new Promise((resolve) => wire.once('unchoke', resolve));
  const onAnswer = (error, block) => {
    if (error) throw error;
    if (block[0] === 0x47) onBlock();
  };
  return () => {
    for (let begin = 0; begin < PIECE_BYTES; begin += BLOCK_BYTES) wire.request(0, begin, BLOCK_BYTES, onAnswer);
  };
}

function greeted(socket) {
  const wire = new Wire();
  socket.pipe(wire).pipe(socket);
  wire.handshake(new Uint8Array(20), new Uint8Array(20));
  return wire;
}
