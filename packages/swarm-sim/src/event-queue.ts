/**
 * The future, in order: a binary heap by time, and by order of arrival where times are equal. The order is total, so the same
 * pushes give the same pops on every engine.
 *
 * Keys lie in typed arrays beside the events: a swarm of a thousand moves some 10^8 keys, and none of them is an object.
 */
export class EventQueue<Event> {
  #times = new Float64Array(CAPACITY_START);
  #orders = new Float64Array(CAPACITY_START);
  readonly #events: (Event | undefined)[] = [];
  #size = 0;
  #pushed = 0;

  /** How many events are waiting. */
  get size(): number {
    return this.#size;
  }

  /** Time of the next event, microseconds; Infinity if there is none. */
  get nextUs(): number {
    return this.#size === 0 ? Infinity : (this.#times[0] as number);
  }

  /**
   * @param atUs - When it happens, microseconds, a safe integer.
   * @throws {RangeError} If `atUs` is none.
   */
  push(atUs: number, event: Event): void {
    if (!Number.isSafeInteger(atUs)) throw new RangeError(`atUs: expected a safe integer, got ${atUs}`);
    if (this.#size === this.#times.length) this.#grow();
    this.#size += 1;
    this.#pushed += 1;
    this.#siftUp(this.#size - 1, atUs, this.#pushed, event);
  }

  /** Takes the next event out, or undefined if there is none. */
  pop(): Event | undefined {
    if (this.#size === 0) return undefined;
    const next = this.#events[0];
    this.#size -= 1;
    const last = this.#size;
    const event = this.#events[last];
    this.#events[last] = undefined;
    if (last > 0) this.#siftDown(this.#times[last] as number, this.#orders[last] as number, event);
    return next;
  }

  #siftUp(from: number, time: number, order: number, event: Event | undefined): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      // What comes in last goes behind its equals, so that the order needs no look here.
      if ((this.#times[parent] as number) <= time) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#set(at, time, order, event);
  }

  #siftDown(time: number, order: number, event: Event | undefined): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(child + 1, child)) child += 1;
      const childTime = this.#times[child] as number;
      if (childTime > time || (childTime === time && (this.#orders[child] as number) > order)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#set(at, time, order, event);
  }

  #isBefore(a: number, b: number): boolean {
    const apart = (this.#times[a] as number) - (this.#times[b] as number);
    return apart < 0 || (apart === 0 && (this.#orders[a] as number) < (this.#orders[b] as number));
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#times[from] as number, this.#orders[from] as number, this.#events[from]);
  }

  #set(at: number, time: number, order: number, event: Event | undefined): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#events[at] = event;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#times.length);
    const orders = new Float64Array(2 * this.#times.length);
    times.set(this.#times);
    orders.set(this.#orders);
    this.#times = times;
    this.#orders = orders;
  }
}

const CAPACITY_START = 1024;
