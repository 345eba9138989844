/**
 * The future, in order: a binary heap by time, and by order of arrival where times are equal. The order is total, so the same
 * pushes give the same pops on every engine.
 *
 * Keys lie in typed arrays, and events stay where they were put while their places move: a swarm of a thousand moves some 10^8 keys,
 * and none of them is an object, nor does the collector hear of it.
 */
export class EventQueue<Event> {
  #times = new Float64Array(CAPACITY_START);
  #orders = new Float64Array(CAPACITY_START);
  #places = new Int32Array(CAPACITY_START);
  readonly #events: (Event | undefined)[] = [];
  /** Places in `events` that are free. */
  readonly #free: number[] = [];
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
    const place = this.#free.pop() ?? this.#events.length;
    this.#events[place] = event;
    this.#size += 1;
    this.#pushed += 1;
    this.#siftUp(this.#size - 1, atUs, this.#pushed, place);
  }

  /** Takes the next event out, or undefined if there is none. */
  pop(): Event | undefined {
    if (this.#size === 0) return undefined;
    const place = this.#places[0] as number;
    const next = this.#events[place];
    this.#events[place] = undefined;
    this.#free.push(place);
    this.#size -= 1;
    const last = this.#size;
    if (last > 0) {
      this.#siftDown(this.#times[last] as number, this.#orders[last] as number, this.#places[last] as number);
    }
    return next;
  }

  #siftUp(from: number, time: number, order: number, place: number): void {
    const times = this.#times;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      // What comes in last goes behind its equals, so that the order needs no look here.
      if ((times[parent] as number) <= time) break;
      this.#set(at, times[parent] as number, this.#orders[parent] as number, this.#places[parent] as number);
      at = parent;
    }
    this.#set(at, time, order, place);
  }

  #siftDown(time: number, order: number, place: number): void {
    const times = this.#times;
    const orders = this.#orders;
    const size = this.#size;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isBefore(child + 1, child)) child += 1;
      const childTime = times[child] as number;
      if (childTime > time || (childTime === time && (orders[child] as number) > order)) break;
      this.#set(at, childTime, orders[child] as number, this.#places[child] as number);
      at = child;
    }
    this.#set(at, time, order, place);
  }

  #isBefore(a: number, b: number): boolean {
    const apart = (this.#times[a] as number) - (this.#times[b] as number);
    return apart < 0 || (apart === 0 && (this.#orders[a] as number) < (this.#orders[b] as number));
  }

  #set(at: number, time: number, order: number, place: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#places[at] = place;
  }

  #grow(): void {
    const length = 2 * this.#times.length;
    const [times, orders, places] = [new Float64Array(length), new Float64Array(length), new Int32Array(length)];
    times.set(this.#times);
    orders.set(this.#orders);
    places.set(this.#places);
    this.#times = times;
    this.#orders = orders;
    this.#places = places;
  }
}

const CAPACITY_START = 1024;
