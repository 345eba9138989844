import { Gauge, Registry } from 'prom-client';
import type { SourceFigures } from './figures.js';

/** The figures in Prometheus' text format. */
export async function metricsText(figures: SourceFigures | undefined): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  for (const [key, help] of Object.entries(METRICS)) {
    const value = figures?.[key as keyof SourceFigures];
    if (typeof value !== 'number') continue;
    const name = `tstream_source_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    new Gauge({ name, help, registers: [registry] }).set(value);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}

const METRICS: Readonly<Partial<Record<keyof SourceFigures, string>>> = {
  run: 'Number of the run.',
  seq: 'Pieces published in this run.',
  peers: 'Connected neighbours.',
  viewersEver: 'Neighbours since the start.',
  inBytes: 'Bytes that came in.',
  upBytes: 'Bytes of video sent.',
  inBitsPerSecond: 'Bitrate of the input over ten seconds.',
  upBitsPerSecond: 'Upload.',
  heldByMedian: 'Share of neighbours that hold the piece made two seconds ago.',
  peersBanned: 'Neighbours sent away for what they did.',
};
