/**
 * The loop that runs a state machine: inputs in, outputs carried out in order, one timer for its next deadline.
 *
 * All inputs of one turn of the event loop are handled before the machine is polled: the busier the process, the more of
 * them share one round of consequences and one write to each socket.
 */
import { monotonicMs } from './clock.js';
import { atEndOfTurn } from './turn.js';

/** What peers are, live or on demand, as the one who runs them sees it. */
export interface Machine<Input, Output> {
  handle(input: Input, nowMs: number): void;
  poll(): readonly Output[];
  readonly nextDeadlineMs: number;
}

export class DriverLoop<Input, Output> {
  readonly #machine: Machine<Input | Time, Output>;
  readonly #carryOut: (output: Output) => void;
  readonly #inputsMax: number;
  /** Handled since the machine was polled. */
  #inputs = 0;
  #isDraining = false;
  /** It is polled at the end of this turn. */
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is set for; Infinity without one. */
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** @param inputsMax - The machine is polled after as many, even if more come in this turn. */
  constructor(
    machine: Machine<Input | Time, Output>,
    carryOut: (output: Output) => void,
    inputsMax = Number.POSITIVE_INFINITY,
  ) {
    this.#machine = machine;
    this.#carryOut = carryOut;
    this.#inputsMax = inputsMax;
  }

  handle(input: Input | Time): void {
    if (this.#closed) return;
    this.#machine.handle(input, monotonicMs());
    this.#inputs += 1;
    if (!this.#isDue) {
      this.#isDue = true;
      atEndOfTurn(() => this.#endTurn());
    }
    if (this.#inputs >= this.#inputsMax && !this.#isDraining) this.#drain();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #endTurn(): void {
    this.#isDue = false;
    if (this.#inputs > 0 && !this.#closed) this.#drain();
  }

  /** Inputs that arise meanwhile (a check that is answered at once) are handled in the same round. */
  #drain(): void {
    this.#isDraining = true;
    for (let outputs = this.#machine.poll(); outputs.length > 0 && !this.#closed; outputs = this.#machine.poll()) {
      for (const output of outputs) this.#carryOut(output);
    }
    this.#isDraining = false;
    this.#inputs = 0;
    this.#arm();
  }

  /** A timer that is set too early is left alone: waking for nothing is cheaper than setting it anew for each input. */
  #arm(): void {
    const deadlineMs = this.#machine.nextDeadlineMs;
    if (this.#closed || deadlineMs >= this.#wakeAtMs) return;
    clearTimeout(this.#timer);
    this.#wakeAtMs = deadlineMs;
    const delayMs = deadlineMs - monotonicMs();
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(1, delayMs), TIMEOUT_MS_MAX));
  }

  #wake(): void {
    const lateMs = monotonicMs() - this.#wakeAtMs;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    // After a sleep the sockets are full of what neighbours sent in time: read that before anyone is judged.
    if (lateMs > LATE_MS) setImmediate(() => setImmediate(() => this.#tellTime()));
    else this.#tellTime();
  }

  #tellTime(): void {
    if (this.#machine.nextDeadlineMs <= monotonicMs()) this.handle({ type: 'time' });
    else this.#arm();
  }
}

interface Time {
  readonly type: 'time';
}

/** A wake-up that is later than this is a machine that slept. */
const LATE_MS = 500;
/** setTimeout takes 31 bits. */
const TIMEOUT_MS_MAX = 0x7fffffff;
