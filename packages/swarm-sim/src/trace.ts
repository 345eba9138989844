import type { Block, Message } from '@tstream/wire-ext';

/**
 * A running hash of everything that was delivered, when and to whom: two runs that differ in one message, or in the microsecond of
 * one, differ in it. Not cryptographic: two words of FNV-1a, each over 32 bits a step.
 */
export class Trace {
  /** Signed, as all that comes after it: so no number that is kept here is more than a word to the engine. */
  #a = 0x811c9dc5 | 0;
  #b = 0x050c5d1f;
  #messages = 0;

  /** Messages hashed. */
  get messages(): number {
    return this.#messages;
  }

  add(atUs: number, connection: number, to: number, messageBytes: number, message: Message<Block>): void {
    this.#messages += 1;
    this.#word(atUs >>> 0);
    this.#word(Math.floor(atUs / 2 ** 32));
    this.#word(connection);
    this.#word(to);
    this.#word(messageBytes);
    for (let i = 0; i < message.type.length; i += 1) this.#a = Math.imul(this.#a ^ message.type.charCodeAt(i), PRIME);
    this.#content(message);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #content(message: Message<Block>): void {
    switch (message.type) {
      case 'piece':
      case 'request':
      case 'cancel':
        this.#word(message.index);
        this.#word(message.begin);
        return;
      case 'have':
        return this.#word(message.index);
      case 'bitfield':
        return this.#bytes(message.bits);
      case 'offer':
      case 'edge':
        return this.#bytes(message.header);
      case 'cert':
        return this.#bytes(message.certificate);
      case 'live-have':
        this.#word(message.run);
        this.#word(message.base);
        return this.#bytes(message.bitmap);
      case 'witness':
        this.#word(message.run);
        this.#word(message.base);
        for (const { bitmap } of message.reports) this.#bytes(bitmap);
        return;
      case 'coming':
      case 'decline':
      case 'withdraw':
      case 'want':
      case 'start':
        this.#word(message.run);
        this.#word(message.seq);
    }
  }

  #bytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 1) this.#a = Math.imul(this.#a ^ (bytes[i] as number), PRIME);
    this.#word(bytes.length);
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, PRIME);
    this.#b = Math.imul(this.#b ^ (word + (this.#a >>> 15)), PRIME);
  }
}

/** FNV's 32-bit prime. */
const PRIME = 0x01000193;
