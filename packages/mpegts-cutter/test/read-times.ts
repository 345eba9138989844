/** Reads times and counters of a transport stream back, apart from the code under test. */
import { split } from './muxer.js';

interface Unit {
  readonly pid: number;
  readonly view: DataView;
  readonly payloadAt: number;
  readonly starts: boolean;
}

function units(stream: Uint8Array): Unit[] {
  return split(stream, 188).map((packet) => {
    const view = new DataView(packet.buffer, packet.byteOffset, 188);
    const control = view.getUint8(3) >> 4;
    const adaptation = (control & 2) === 0 ? 0 : 1 + view.getUint8(4);
    const payloadAt = (control & 1) === 0 ? 188 : 4 + adaptation;
    return { pid: view.getUint16(1) & 0x1fff, view, payloadAt, starts: (view.getUint8(1) & 0x40) !== 0 };
  });
}

function add(lists: Map<number, number[]>, pid: number, value: number): void {
  const list = lists.get(pid);
  if (list === undefined) lists.set(pid, [value]);
  else list.push(value);
}

/** Clock references by PID, 27 MHz. */
export function clocksOf(stream: Uint8Array): Map<number, number[]> {
  const clocks = new Map<number, number[]>();
  for (const { pid, view } of units(stream)) {
    if ((view.getUint8(3) & 0x20) === 0 || view.getUint8(4) === 0 || (view.getUint8(5) & 0x10) === 0) continue;
    const field = (BigInt(view.getUint32(6)) << 16n) | BigInt(view.getUint16(10));
    add(clocks, pid, Number((field >> 15n) * 300n + (field & 0x1ffn)));
  }
  return clocks;
}

/** Time stamps by PID, 90 kHz; a PES packet with a PTS alone has a DTS equal to it. */
export function stampsOf(stream: Uint8Array): { pts: Map<number, number[]>; dts: Map<number, number[]> } {
  const pts = new Map<number, number[]>();
  const dts = new Map<number, number[]>();
  for (const { pid, view, payloadAt, starts } of units(stream)) {
    if (!starts || payloadAt > 169 || view.getUint32(payloadAt) >>> 8 !== 1) continue;
    const flags = view.getUint8(payloadAt + 7) >> 6;
    if (flags < 2) continue;
    const first = stampAt(view, payloadAt + 9);
    add(pts, pid, first);
    add(dts, pid, flags === 3 ? stampAt(view, payloadAt + 14) : first);
  }
  return { pts, dts };
}

function stampAt(view: DataView, at: number): number {
  const field = (BigInt(view.getUint8(at)) << 32n) | BigInt(view.getUint32(at + 1));
  if ((field & 0x1_0001_0001n) !== 0x1_0001_0001n) throw new Error('a marker bit is missing');
  return Number(((field >> 33n) & 7n) * 2n ** 30n + ((field >> 17n) & 0x7fffn) * 2n ** 15n + ((field >> 1n) & 0x7fffn));
}

/** Continuity counters of the packets with a payload, by PID. */
export function countersOf(stream: Uint8Array): Map<number, number[]> {
  const counters = new Map<number, number[]>();
  for (const { pid, view } of units(stream)) {
    if ((view.getUint8(3) & 0x10) !== 0) add(counters, pid, view.getUint8(3) & 15);
  }
  return counters;
}
