import { describe, expect, test } from 'vitest';
import {
  createLineRate,
  type LineRate,
  lineBacklogMs,
  lineWaitMs,
  markSend,
  type SendMark,
  sampleLine,
  takeLine,
} from '../src/line-rate.js';

const BLOCK = 16_384;
const RTT_MS = 50;

/**
 * A sender on a line of one queue, and receivers that confirm a round trip after the last byte. Sends whenever it may, but never has
 * more under way than this.
 * @returns How long each block took from its sending to its last byte at the line.
 */
function play(line: LineRate, bytesPerMs: (atMs: number) => number, untilMs: number, underWayMax = 8): number[] {
  const underWay: { readonly mark: SendMark; readonly confirmedMs: number }[] = [];
  const took: number[] = [];
  let lineFreeMs = 0;
  for (let nowMs = 0; nowMs < untilMs; nowMs++) {
    while (underWay[0] && underWay[0].confirmedMs <= nowMs)
      sampleLine(line, BLOCK, (underWay.shift() as (typeof underWay)[0]).mark, RTT_MS, nowMs);
    while (underWay.length < underWayMax && uplinkFree(line, nowMs)) {
      const mark = markSend(line, underWay.length === 0, nowMs);
      takeLine(line, BLOCK, nowMs);
      lineFreeMs = Math.max(lineFreeMs, nowMs) + BLOCK / bytesPerMs(nowMs);
      took.push(lineFreeMs - nowMs);
      underWay.push({ mark, confirmedMs: Math.ceil(lineFreeMs + RTT_MS) });
    }
  }
  return took;
}

/** As a sender asks that has more to send: what waits is remembered. */
function uplinkFree(line: LineRate, nowMs: number): boolean {
  const isFree = lineWaitMs(line, nowMs) === 0;
  if (!isFree) line.awaited = true;
  return isFree;
}

describe('the rate of a line', () => {
  test('is unknown at first, and nothing waits for it', () => {
    const line = createLineRate(0);
    takeLine(line, 1_000_000, 0);
    expect([lineWaitMs(line, 0), lineBacklogMs(line, 1_000_000, 0)]).toEqual([0, 0]);
  });

  test.each([20, 150, 1500])('of %i bytes a millisecond is found, and hardly ever idle meanwhile', (rate) => {
    const line = createLineRate(0);
    const took = play(line, () => rate, (120 * BLOCK) / rate);
    expect(line.bytesPerMs).toBeGreaterThan(0.9 * rate);
    expect(line.bytesPerMs).toBeLessThan(1.1 * rate);
    expect(took.length).toBeGreaterThan(0.9 * 120);
  });

  test('has one block follow the other, so that each leaves at once', () => {
    const line = createLineRate(0);
    play(line, () => 150, 10_000);
    const blockMs = BLOCK / 150;
    // After a pause the line is free; a dozen blocks wait.
    let nowMs = 20_000;
    const leftMs = [nowMs];
    for (let block = 0; block < 12; block++) {
      nowMs += lineWaitMs(line, nowMs);
      takeLine(line, BLOCK, nowMs);
      leftMs.push(Math.max(nowMs, leftMs.at(-1) as number) + blockMs);
      expect((leftMs.at(-1) as number) - nowMs).toBeLessThan(1.5 * blockMs);
    }
  });

  test('that falls to a third is noticed within some pieces, and so is one that rises again', () => {
    const line = createLineRate(0);
    play(line, (atMs) => (atMs < 5000 || atMs > 15_000 ? 300 : 100), 5000);
    expect(line.bytesPerMs).toBeGreaterThan(270);
    const slow = createLineRate(0);
    play(slow, (atMs) => (atMs < 5000 ? 300 : 100), 15_000);
    expect(slow.bytesPerMs).toBeLessThan(115);
    const again = createLineRate(0);
    play(again, (atMs) => (atMs > 5000 && atMs < 15_000 ? 100 : 300), 60_000);
    expect(again.bytesPerMs).toBeGreaterThan(270);
  });

  test('counts together what goes to several receivers that are slow each', () => {
    // Each block takes 400 ms to its receiver, whatever else is sent: the line has room for far more.
    const line = createLineRate(0);
    const underWay: { readonly mark: SendMark; readonly confirmedMs: number }[] = [];
    let sent = 0;
    for (let nowMs = 0; nowMs < 20_000; nowMs++) {
      while (underWay[0] && underWay[0].confirmedMs <= nowMs)
        sampleLine(line, BLOCK, (underWay.shift() as (typeof underWay)[0]).mark, RTT_MS, nowMs);
      if (underWay.length >= 20 || !uplinkFree(line, nowMs)) continue;
      underWay.push({ mark: markSend(line, underWay.length === 0, nowMs), confirmedMs: nowMs + 400 });
      takeLine(line, BLOCK, nowMs);
      sent += BLOCK;
    }
    // One at a time would be 47 bytes a millisecond.
    expect(sent / 20_000).toBeGreaterThan(200);
  });

  test('is found though no receiver takes a tenth of it', () => {
    const line = createLineRate(0);
    const underWay: { readonly mark: SendMark; readonly confirmedMs: number }[] = [];
    const receiverMs = 14;
    for (let nowMs = 0; nowMs < 20_000; nowMs++) {
      while (underWay[0] && underWay[0].confirmedMs <= nowMs)
        sampleLine(line, BLOCK, (underWay.shift() as (typeof underWay)[0]).mark, RTT_MS, nowMs);
      while (underWay.length < 64 && uplinkFree(line, nowMs)) {
        underWay.push({
          mark: markSend(line, underWay.length === 0, nowMs),
          confirmedMs: nowMs + receiverMs + RTT_MS,
        });
        takeLine(line, BLOCK, nowMs);
      }
    }
    expect(line.bytesPerMs).toBeGreaterThan((5 * BLOCK) / receiverMs);
  });

  test('that nothing waited for is not taken for a narrow one', () => {
    const line = createLineRate(0);
    play(line, () => 1500, 5000);
    const known = line.bytesPerMs;
    for (let nowMs = 10_000; nowMs < 20_000; nowMs += 200) {
      const mark = markSend(line, true, nowMs);
      takeLine(line, BLOCK, nowMs);
      sampleLine(line, BLOCK, mark, RTT_MS, nowMs + RTT_MS + 100);
    }
    expect(line.bytesPerMs).toBeGreaterThan(0.9 * known);
  });

  test('has a timer that came late make up for some milliseconds, and not for an idle second', () => {
    const line = createLineRate(0);
    play(line, () => 100, 5000);
    takeLine(line, BLOCK, 10_000);
    expect(lineWaitMs(line, 10_000)).toBeGreaterThan(140);
    const dueMs = 10_000 + lineWaitMs(line, 10_000);
    takeLine(line, BLOCK, dueMs + 8);
    expect(lineWaitMs(line, dueMs + 8)).toBeLessThan(165);
  });

  test('takes so many times the same bytes as it takes them one after the other', () => {
    const [line, other] = [createLineRate(0), createLineRate(0)];
    for (const one of [line, other]) play(one, () => 100, 5000);
    takeLine(line, 97, 10_000, 19);
    for (let i = 0; i < 19; i++) takeLine(other, 97, 10_000);
    expect(line).toEqual(other);
    takeLine(line, 97, 10_000, 0);
    expect(line).toEqual(other);
  });

  test('never has anything wait longer than two seconds, whatever a sample says', () => {
    const line = createLineRate(0);
    const mark = markSend(line, true, 0);
    sampleLine(line, 1, mark, 0, 100_000);
    sampleLine(line, 1, mark, 0, 200_000);
    takeLine(line, BLOCK, 200_000);
    expect(lineWaitMs(line, 200_000)).toBe(2000);
  });
});
