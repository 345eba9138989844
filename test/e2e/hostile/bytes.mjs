// Bytes that are no messages, and messages without end.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { wire } from './built.mjs';
import { Stranger } from './stranger.mjs';

/** @typedef {import('./stranger.mjs').Where} Where */
/** @typedef {import('./lies.mjs').Surroundings} Surroundings */

/** @param {string | Uint8Array} text */
const bytesOf = (text) => (typeof text === 'string' ? Buffer.from(text, 'latin1') : text);

/** @param {number} length @param {...(number | string | Uint8Array)} parts */
function framed(length, ...parts) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, ...parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : bytesOf(part)))]);
}

/** @param {...(number | string | Uint8Array)} parts */
const message = (...parts) => {
  const body = framed(0, ...parts).subarray(4);
  return framed(body.length, body);
};

/** An extended message under one of our ids. @param {number} id @param {...(number | string | Uint8Array)} parts */
const extended = (id, ...parts) => message(20, id, ...parts);

/** What killed other parsers, and what strict bencode forbids. */
const BENCODE = {
  'a string of negative length': 'l-3:e',
  'a string of a length beyond memory': '99999999999:a',
  'a string that ends too early': 'd1:m10:abce',
  'ten thousand lists in each other': 'l'.repeat(10_000),
  'ten thousand lists, and their ends': `${'l'.repeat(8000)}${'e'.repeat(8000)}`,
  'an integer without end': `i${'9'.repeat(10_000)}e`,
  'minus zero': 'd1:pi-0ee',
  'a leading zero': 'd1:pi08ee',
  'keys that are not sorted': 'd1:v1:a1:mdee',
  'a key that comes twice': 'd1:mde1:mdee',
  'bytes behind it': 'd1:mdeex',
  'no dictionary': 'le',
  nothing: '',
};

/** Each is closed for its bytes alone. */
const MALFORMED = {
  'a message of 4 GiB': framed(0xffffffff, 20),
  'a message one byte over its limit': framed(65_537, 20),
  'a bitfield one byte over its limit': framed(1 + 262_145, 5),
  'a block one byte over its limit': framed(9 + 16_385, 7, Buffer.alloc(8)),
  'a request of more than a block': message(6, Buffer.alloc(8), Buffer.of(0, 0, 0x40, 1)),
  'a request of nothing': message(6, Buffer.alloc(12)),
  'a request that is too short': message(6, Buffer.alloc(11)),
  'a live message over its limit': framed(2 + 8193, 20, 3),
  'a live message of nothing': extended(3),
  'a header one byte over its limit': extended(3, 4, Buffer.alloc(513)),
  'a bitmap one byte over its limit': extended(3, 6, Buffer.of(0, 0, 0, 1), Buffer.alloc(8), Buffer.alloc(4097)),
  'a run of 0': extended(3, 10, Buffer.alloc(12)),
  'a number above 2^53': extended(3, 10, Buffer.of(0, 0, 0, 1), Buffer.alloc(8, 0xff)),
  'a certificate that is too short': extended(3, 1, Buffer.alloc(115)),
  'more addresses than BEP 11 has': extended(1, `d5:added306:${'a'.repeat(306)}e`),
  'half an address': extended(1, 'd5:added5:aaaaae'),
  'bytes of unknown messages without end': Buffer.concat(Array(6).fill(message(99, Buffer.alloc(60_000)))),
  ...Object.fromEntries(Object.entries(BENCODE).map(([name, text]) => [`bencode: ${name}`, extended(0, text)])),
};

/** Each is closed before anything was said in turn. */
const STRANGE = {
  'a prototype, and no extension': extended(0, 'd9:__proto__d1:md7:ts_livei3eeee'),
  'the wrong protocol': Buffer.concat([Buffer.of(19), randomBytes(67)]),
  ...Object.fromEntries(Object.entries(BENCODE).map(([name, text]) => [`bencode: ${name}`, extended(0, text)])),
};

/**
 * Says each malformed thing on a connection of its own.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function malformed({ metainfo }, where) {
  const told = Object.entries(MALFORMED).map(async ([name, bytes]) => {
    const stranger = new Stranger(where, metainfo);
    await stranger.greeting;
    stranger.raw(bytes);
    return [name, (await stranger.endWithin(WAIT_MS))?.reason ?? 'kept'];
  });
  return Object.fromEntries(await Promise.all(told));
}

/**
 * Greets with each strange thing, or with another swarm's infohash.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function strange({ metainfo }, where) {
  const told = Object.entries(STRANGE).map(async ([name, bytes]) => {
    const stranger = new Stranger(where, metainfo, { silent: true });
    if (name !== 'the wrong protocol') stranger.raw(stranger.handshake());
    stranger.raw(bytes);
    return [name, (await stranger.endWithin(WAIT_MS)) ? 'closed' : 'kept'];
  });
  const lost = new Stranger(where, { ...metainfo, infohash: randomBytes(20) });
  const another = ['another swarm', (await lost.endWithin(WAIT_MS)) ? 'closed' : 'kept'];
  return Object.fromEntries([...(await Promise.all(told)), another]);
}

/**
 * Begins messages and ends the line in the middle of them.
 * @param {Surroundings} surroundings @param {Where} where
 */
export async function truncated({ metainfo }, where) {
  const whole = [message(6, Buffer.alloc(12)), framed(9 + 16_384, 7, Buffer.alloc(16_392)), extended(0, 'd1:mdee')];
  let cut = 0;
  for (const bytes of whole) {
    for (const length of [1, 4, 5, 6, 13, bytes.length - 1].filter((most) => most < bytes.length)) {
      const stranger = new Stranger(where, metainfo);
      await stranger.greeting;
      stranger.socket.end(bytes.subarray(0, length));
      await stranger.endWithin(WAIT_MS);
      cut += 1;
    }
  }
  return { cut };
}

/** @type {Record<string, (at: number, surroundings: Surroundings) => Uint8Array>} */
const ENDLESS = {
  'requests that nothing allowed': (at) =>
    message(6, Buffer.of(0, 0, at >> 8, at), Buffer.alloc(4), Buffer.of(0, 0, 64, 0)),
  'keep-alives': () => Buffer.alloc(4000),
  haves: () => message(4, Buffer.alloc(4)),
  wants: (at, { feed }) => live({ type: 'want', run: feed.run, seq: Math.max(0, feed.edgeSeq - (at % 100)) }),
  starts: (at, { feed }) => live({ type: 'start', run: feed.run, seq: at }),
  bitmaps: (_at, { feed }) => live({ type: 'live-have', run: feed.run, base: 0, bitmap: Buffer.alloc(4096, 0xff) }),
  'certificates that are known': (_at, { feed }) =>
    live({ type: 'cert', certificate: /** @type {Uint8Array} */ (feed.certificate) }),
  'handshakes that came before': () => extended(0, 'd1:mdee'),
};

/** @param {import('./stranger.mjs').Message} one */
const live = (one) => wire.encodeMessage(one, { ts_live: 3 });

/**
 * Says one thing as fast as it is taken.
 * @param {Surroundings} surroundings @param {Where & { what: string, ms: number }} where
 */
export async function endless(surroundings, { what, ms, ...where }) {
  const stranger = new Stranger(where, surroundings.metainfo);
  await stranger.greeting;
  const say = ENDLESS[what];
  if (!say) throw new Error(`expected one of ${Object.keys(ENDLESS).join(', ')}, got ${what}`);
  const endMs = performance.now() + ms;
  let said = 0;
  while (!stranger.isClosed && performance.now() < endMs) {
    const portion = Buffer.concat(Array.from({ length: 64 }, (_, i) => say(said + i, surroundings)));
    said += 64;
    if (stranger.socket.write(portion)) await new Promise((done) => setImmediate(done));
    else await Promise.race([new Promise((done) => stranger.socket.once('drain', done)), stranger.ending, pause(ms)]);
  }
  return { ...(await stranger.endWithin(1000)), said };
}

const WAIT_MS = 15_000;
