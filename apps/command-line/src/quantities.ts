/** Quantities as people write them: rates in bits per second, durations, sizes. */
import { UsageError } from './failures.js';

/**
 * Parses what was given to an option, if anything was.
 * @param option - As people write it, `--bitrate`.
 * @throws {UsageError} Which option is wrong, and what was expected.
 */
export function ofOption<T>(option: string, text: string, parse: (text: string) => T): T;
export function ofOption<T>(option: string, text: string | undefined, parse: (text: string) => T): T | undefined;
export function ofOption<T>(option: string, text: string | undefined, parse: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${option} ${error.message}`) : error;
  }
}

/** Parses a rate, `800k`, `3M`, `2.5M` or `64000`. @returns Bits per second. @throws {UsageError} If it is none. */
export function parseRate(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)([kKmMgG]?)$/.exec(text.trim());
  const rate = match ? Math.round(Number(match[1]) * factor(match[2], 1000)) : 0;
  if (rate < 1 || rate > RATE_MAX)
    throw new UsageError(`'${text}' is not a rate: expected bits per second such as 800k or 3M`);
  return rate;
}

/** Parses a duration, `15m`, `90s`, `500ms`, `1h`, `4:15` or `1:00:00`. @returns Milliseconds. @throws {UsageError} If it is none. */
export function parseDuration(text: string): number {
  const durationMs = clockMs(text.trim()) ?? unitMs(text.trim());
  if (durationMs === undefined || durationMs < 1 || durationMs > DURATION_MS_MAX) {
    throw new UsageError(`'${text}' is not a duration: expected for example 15m, 90s, 500ms or 1:00:00`);
  }
  return durationMs;
}

/** Parses a size, `32k`, `4G` or `65536`; k is 1024. @returns Bytes. @throws {UsageError} If it is none. */
export function parseSize(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kKmMgGtT]?)(?:i?[bB])?$/.exec(text.trim());
  const bytes = match ? Math.round(Number(match[1]) * factor(match[2], 1024)) : 0;
  if (bytes < 1 || !Number.isSafeInteger(bytes)) {
    throw new UsageError(`'${text}' is not a size: expected bytes such as 32k, 64M or 2G`);
  }
  return bytes;
}

/** Parses a TCP port; 0 lets the system choose. @throws {UsageError} If it is none. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new UsageError(`'${text}' is not a port: expected 0 to 65535`);
  return Number(text);
}

/** Parses a whole number of at least 1. @throws {UsageError} If it is none. */
export function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw new UsageError(`'${text}' is not a number from 1 to 999999`);
  return Number(text);
}

/** `2.4 Mbit/s`. */
export function formatRate(bitsPerSecond: number): string {
  if (bitsPerSecond < 999.5) return `${Math.round(bitsPerSecond)} bit/s`;
  if (bitsPerSecond < 999_500) return `${significant(bitsPerSecond / 1000)} kbit/s`;
  return `${significant(bitsPerSecond / 1e6)} Mbit/s`;
}

/** `1 h 02 min`, `4 min 05 s`, `12 s`, `250 ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = Math.floor(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/** `12.3 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 ** 2) return `${significant(bytes / 1024)} KiB`;
  if (bytes < 1024 ** 3) return `${significant(bytes / 1024 ** 2)} MiB`;
  return `${significant(bytes / 1024 ** 3)} GiB`;
}

function significant(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

function clockMs(text: string): number | undefined {
  const match = /^(?:(\d{1,4}):)?(\d{1,3}):([0-5]\d)$/.exec(text);
  if (!match) return undefined;
  const minutes = Number(match[2]);
  if (match[1] !== undefined && minutes > 59) return undefined;
  return ((Number(match[1] ?? 0) * 60 + minutes) * 60 + Number(match[3])) * 1000;
}

function unitMs(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|min|h|d)$/.exec(text);
  const unit = UNITS_MS[match?.[2] ?? ''];
  return match && unit ? Math.round(Number(match[1]) * unit) : undefined;
}

function factor(suffix: string | undefined, base: number): number {
  return base ** ' kmgt'.indexOf((suffix || ' ').toLowerCase());
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** 100 Gbit/s: above any interface that a person has. */
const RATE_MAX = 100e9;
/** 30 days. */
const DURATION_MS_MAX = 30 * 86_400_000;
