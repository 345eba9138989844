// This project's codec, used as its README says.
import { Decoder, encodeHandshake, encodeMessage, encodePieceHead } from '@tstream/wire-ext';

const BLOCK_BYTES = 16_384;
const PIECE_BYTES = 8 * BLOCK_BYTES;

const payload = Buffer.alloc(PIECE_BYTES, 0x47);
const handshake = encodeHandshake({
  infohash: new Uint8Array(20),
  peerId: new Uint8Array(20),
  extended: true,
  dht: false,
  fast: false,
});

export function send(socket) {
  const decoder = new Decoder();
  socket.write(handshake);
  socket.write(encodeMessage({ type: 'unchoke' }, {}));
  socket.on('data', (chunk) => {
    decoder.push(chunk);
    socket.cork();
    for (let event = decoder.next(); event?.ok; event = decoder.next()) {
      if (event.value.type !== 'message' || event.value.message.type !== 'request') continue;
      const { index, begin, length } = event.value.message;
      socket.write(encodePieceHead(index, begin, length));
      socket.write(payload.subarray(begin, begin + length));
    }
    socket.uncork();
  });
}

export async function receive(open, onBlock) {
  const decoder = new Decoder();
  const socket = await open((chunk, lasts) => {
    decoder.push(chunk, lasts);
    for (let event = decoder.next(); event?.ok; event = decoder.next()) {
      if (event.value.type !== 'message' || event.value.message.type !== 'piece') continue;
      if (event.value.message.block[0] === 0x47) onBlock();
    }
  });
  socket.write(handshake);
  return () => {
    const requests = [];
    for (let begin = 0; begin < PIECE_BYTES; begin += BLOCK_BYTES) {
      requests.push(encodeMessage({ type: 'request', index: 0, begin, length: BLOCK_BYTES }, {}));
    }
    // Small ones are cheaper joined than written one by one.
    socket.write(Buffer.concat(requests));
  };
}
