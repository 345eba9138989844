/** One uplink for all neighbours: how much may be under way, and when the next block may go. */
import {
  createLineRate,
  type LineRate,
  lineBacklogMs,
  lineWaitMs,
  type SendMark,
  sampleLine,
  takeLine,
} from './line-rate.js';
import { bucketWaitMs, createBucket, fillBucket, type TokenBucket, takeTokens } from './token-bucket.js';

/**
 * One uplink for all neighbours. What was sent and not yet confirmed by a HAVE is bounded by a budget that grows while
 * confirmations come quickly and shrinks as soon as they are delayed (the delay is a queue that we filled ourselves:
 * the idea of LEDBAT, RFC 6817, with the HAVE as acknowledgement). A token bucket keeps the limit that a person set.
 */
export interface Uplink extends TokenBucket {
  budgetBytes: number;
  readonly budgetBytesMin: number;
  unconfirmedBytes: number;
  /** Delays of the last confirmations over the shortest ones, milliseconds. */
  readonly recentQueueMs: number[];
  /** Confirmed bytes per second, smoothed over about a second. */
  rateBytesPerSecond: number;
  confirmedBytes: number;
  rateSinceMs: number;
  readonly line: LineRate;
}

export function createUplink(limitBytesPerSecond: number, pieceBytes: number, nowMs: number): Uplink {
  const { tokensBytes, filledMs } = createBucket(limitBytesPerSecond, nowMs);
  // Field by field: the engine gives each object that begins with a spread a shape of its own, and no look at one of them helps the next.
  return {
    limitBytesPerSecond,
    tokensBytes,
    filledMs,
    budgetBytes: BUDGET_PIECES_MIN * pieceBytes,
    budgetBytesMin: BUDGET_PIECES_MIN * pieceBytes,
    unconfirmedBytes: 0,
    recentQueueMs: [],
    rateBytesPerSecond: 0,
    confirmedBytes: 0,
    rateSinceMs: nowMs,
    line: createLineRate(nowMs),
  };
}

/** Whether a block, of a piece that was begun or not, may go out now; else how many milliseconds until the line is free and the limit allows it, or Infinity: on a HAVE. */
export function uplinkWaitMs(uplink: Uplink, begun: boolean, nowMs: number): number {
  const limitMs = bucketWaitMs(uplink, nowMs);
  if (!begun && uplink.unconfirmedBytes >= uplink.budgetBytes) return Infinity;
  const lineMs = lineWaitMs(uplink.line, nowMs);
  if (lineMs > 0) uplink.line.awaited = true;
  return Math.max(limitMs, lineMs);
}

/** How long the line or the limit holds back bytes that would be sent after those already promised, milliseconds; 0 if neither does. */
export function uplinkBacklogMs(uplink: Uplink, promisedBytes: number, nowMs: number): number {
  fillBucket(uplink, nowMs);
  const lineMs = lineBacklogMs(uplink.line, promisedBytes, nowMs);
  if (uplink.limitBytesPerSecond === Infinity) return lineMs;
  return Math.max(lineMs, ((promisedBytes - uplink.tokensBytes) * 1000) / uplink.limitBytesPerSecond);
}

export function countSent(uplink: Uplink, bytes: number, nowMs: number): void {
  uplink.unconfirmedBytes += bytes;
  takeLine(uplink.line, bytes, nowMs);
  takeTokens(uplink, bytes);
}

/** A piece that was confirmed, and how long that took. */
export interface Confirmation {
  readonly bytes: number;
  /** It counts in the budget. */
  readonly counted: boolean;
  readonly mark: SendMark;
  /** Since its last block left, milliseconds. */
  readonly delayMs: number;
  /** The best such delay of that neighbour, and its shortest round trip; that of those who are near. */
  readonly shortestMs: number;
  readonly rttMs: number;
  readonly nearRttMs: number;
}

export function countConfirmed(uplink: Uplink, confirmation: Confirmation, nowMs: number): void {
  const { bytes, counted, mark, delayMs, rttMs, nearRttMs } = confirmation;
  const wasFull = uplink.unconfirmedBytes * 2 >= uplink.budgetBytes;
  if (counted) release(uplink, bytes);
  sampleLine(uplink.line, bytes, mark, Math.min(rttMs, nearRttMs), nowMs);
  measureRate(uplink, bytes, nowMs);
  // Who gets a piece now and then has perhaps never seen the line without a queue.
  const shortestMs = Math.min(confirmation.shortestMs, rttMs + bytes / uplink.line.bytesPerMs);
  const queueMs = queueOf(uplink, delayMs - shortestMs);
  if (queueMs > QUEUE_MS_TARGET) {
    const cutBytes = Math.floor((bytes * Math.min(queueMs - QUEUE_MS_TARGET, QUEUE_MS_TARGET)) / QUEUE_MS_TARGET);
    uplink.budgetBytes = Math.max(uplink.budgetBytesMin, uplink.budgetBytes - cutBytes);
  } else if (wasFull) {
    const grownBytes = Math.floor((bytes * (QUEUE_MS_TARGET - queueMs)) / QUEUE_MS_TARGET);
    uplink.budgetBytes = Math.min(mostBytes(uplink, shortestMs), uplink.budgetBytes + grownBytes);
  }
}

/**
 * A piece, and twice what the line was seen to carry within the shortest confirmation: what is more stands in line before
 * our own offers and requests. A hundred viewers at 1.2 × the bitrate: without this bound a request took 130 ms to its
 * receiver, 25 ms away, budgets had grown to ten pieces, and 95 % of pieces came within 4 s; with it, 99.9 %.
 */
function mostBytes(uplink: Uplink, shortestMs: number): number {
  const carriedBytes = Math.floor((uplink.rateBytesPerSecond * shortestMs) / 1000);
  const bytes = uplink.budgetBytesMin / BUDGET_PIECES_MIN + RATE_GAIN * carriedBytes;
  return Math.min(BUDGET_BYTES_MAX, Math.max(uplink.budgetBytesMin, bytes));
}

/** A queue of our own delays every confirmation, a busy receiver only its own: so the least of the last few counts. */
function queueOf(uplink: Uplink, delayMs: number): number {
  const { recentQueueMs } = uplink;
  recentQueueMs.push(delayMs);
  if (recentQueueMs.length > FILTER_SAMPLES) recentQueueMs.shift();
  return Math.min(...recentQueueMs);
}

/** What will never be confirmed: the neighbour left, or said nothing for too long. */
export function release(uplink: Uplink, bytes: number): void {
  uplink.unconfirmedBytes = Math.max(0, uplink.unconfirmedBytes - bytes);
}

function measureRate(uplink: Uplink, bytes: number, nowMs: number): void {
  uplink.confirmedBytes += bytes;
  const overMs = nowMs - uplink.rateSinceMs;
  if (overMs < 500) return;
  const rate = (uplink.confirmedBytes * 1000) / overMs;
  uplink.rateBytesPerSecond = Math.floor((uplink.rateBytesPerSecond + rate) / 2);
  uplink.confirmedBytes = 0;
  uplink.rateSinceMs = nowMs;
}

/** RFC 6817 allows 100 ms of queue at most; less would read the receivers' own queues. */
const QUEUE_MS_TARGET = 100;
/** BBR's: confirmations are delayed by their senders' own queues. */
const RATE_GAIN = 2;
/** RFC 6817 filters the current delay by a minimum of at least 4 samples. */
const FILTER_SAMPLES = 6;
/** Field experiments: about 1.5 pieces beside the bandwidth-delay product. */
const BUDGET_PIECES_MIN = 2;
/** A bound on memory in sockets: 8 MiB. */
const BUDGET_BYTES_MAX = 8 * 1024 * 1024;
