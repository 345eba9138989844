/** One JSON object a line, for scripts; nothing else goes to standard output then. */
export function writeJsonLine(value: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
