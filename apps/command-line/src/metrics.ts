/**
 * Figures in Prometheus' text format: `bitsPerSecond` becomes `PREFIX_bits_per_second`.
 * @param helps - One line of explanation for each figure that is told; others, and those that aren't numbers, are left out.
 */
export async function metricsText(
  prefix: string,
  figures: Readonly<Record<string, unknown>>,
  helps: Readonly<Record<string, string>>,
): Promise<{ readonly type: string; readonly text: string }> {
  // Few are ever asked for their metrics, and all would wait for this at their start.
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  for (const [key, help] of Object.entries(helps)) {
    const value = figures[key];
    if (typeof value !== 'number') continue;
    const name = `${prefix}_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    new Gauge({ name, help, registers: [registry] }).set(value);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}
