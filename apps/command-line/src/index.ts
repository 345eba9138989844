export { banLine } from './bans.js';
export { Failure, Interrupted, oneLine, systemReason, UsageError } from './failures.js';
export { makeFolder } from './folders.js';
export { writeJsonLine } from './json-lines.js';
export { runToEnd } from './lifetime.js';
export { metricsText } from './metrics.js';
export { openPage, startProgram } from './open-page.js';
export { blameFile, brokenLaw, isPolicyFile, loadPolicy, type PolicyKind, type PolicyKinds } from './policy-files.js';
export { createCommand, parseCommandLine, refuseBoth } from './program.js';
export {
  formatDuration,
  formatRate,
  formatSize,
  ofOption,
  parseCount,
  parseDuration,
  parsePort,
  parseRate,
  parseSize,
} from './quantities.js';
