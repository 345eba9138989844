/** Messages of one connection that wait to leave, in order. */
export class Flow<Item> {
  readonly waiting: { readonly item: Item; readonly bytes: number }[] = [];
  /** By how much every flow of the line must have been served until the first of them has left, bytes. */
  finish = 0;
}

/**
 * The sending direction of an access line, in bytes as they flow. Connections that have something waiting share it evenly, as sockets
 * do: two sends at a time take twice as long each. What fits a packet, on a connection that has nothing waiting, goes before them, as
 * a queue of flows has it (RFC 8290); all of it is taken from what the others get.
 *
 * To have a line that keeps one queue for all, first in, first out, give it one flow for all.
 */
export class SharedUplink<Item> {
  readonly #bytesPerUs: number;
  readonly #active: Flow<Item>[] = [];
  /** What each flow that was active all the time has been served so far, bytes. */
  #served = 0;
  /** What goes first and hasn't left yet, bytes. */
  #first = 0;
  #atUs = 0;

  /** @throws {RangeError} If the rate is not above 0. */
  constructor(bytesPerSecond: number) {
    if (!(bytesPerSecond > 0)) throw new RangeError(`bytesPerSecond: expected more than 0, got ${bytesPerSecond}`);
    this.#bytesPerUs = bytesPerSecond / 1_000_000;
  }

  /** How long these bytes take if they have the line for themselves, microseconds. */
  durationUs(bytes: number): number {
    return bytes / this.#bytesPerUs;
  }

  /** Nothing ever waits for it. */
  get isUnlimited(): boolean {
    return this.#bytesPerUs === Infinity;
  }

  /** Takes in what goes first. @returns When it will have left, microseconds. */
  sendFirst(nowUs: number, bytes: number): number {
    if (this.isUnlimited) return nowUs;
    this.#advance(nowUs);
    this.#first += bytes;
    return nowUs + Math.ceil(this.#first / this.#bytesPerUs);
  }

  /** Takes in what shares the line. @returns Whether it is the first of its flow, and so begins to leave now. */
  enqueue(nowUs: number, flow: Flow<Item>, item: Item, bytes: number): boolean {
    this.#advance(nowUs);
    flow.waiting.push({ item, bytes });
    if (flow.waiting.length > 1) return false;
    flow.finish = this.#served + bytes;
    this.#active.push(flow);
    return true;
  }

  /** When the next of what shares the line will have left if nothing is added, microseconds; Infinity if nothing waits. */
  get nextUs(): number {
    const next = this.#next();
    if (!next) return Infinity;
    const bytes = this.#first + (next.finish - this.#served) * this.#active.length;
    return this.#atUs + Math.max(0, Math.ceil((bytes - ROUNDING_BYTES) / this.#bytesPerUs));
  }

  /** Takes out what has left by now, one at a time, and says what begins to leave in its place. */
  leave(nowUs: number): { readonly item: Item; readonly next: Item | undefined } | undefined {
    this.#advance(nowUs);
    const flow = this.#next();
    if (!flow || this.nextUs > nowUs) return undefined;
    const left = flow.waiting.shift();
    const [next] = flow.waiting;
    if (next) flow.finish += next.bytes;
    else this.#active.splice(this.#active.indexOf(flow), 1);
    return left && { item: left.item, next: next?.item };
  }

  /** Of equals the one that came first. */
  #next(): Flow<Item> | undefined {
    let next: Flow<Item> | undefined;
    for (const flow of this.#active) if (!next || flow.finish < next.finish) next = flow;
    return next;
  }

  #advance(nowUs: number): void {
    const bytes = (nowUs - this.#atUs) * this.#bytesPerUs;
    this.#atUs = nowUs;
    const first = Math.min(this.#first, bytes);
    this.#first -= first;
    if (this.#active.length > 0) this.#served += (bytes - first) / this.#active.length;
  }
}

/** What sums of fractions of bytes are wrong by, at most. */
const ROUNDING_BYTES = 1e-6;
