// The laboratory from a clone: builds what `tstream-sim` needs, in silence unless it fails, then is that command.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onEnd } from './starter.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const turbo = fileURLToPath(new URL('../node_modules/.bin/turbo', import.meta.url));

const built = spawnSync(turbo, ['run', 'build', '--filter=@tstream/sim', '--output-logs=errors-only'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
});
if (built.status !== 0) {
  process.stderr.write(`${built.stdout ?? ''}${built.stderr ?? ''}cannot build the simulator\n`);
  process.exit(1);
}

const cli = fileURLToPath(new URL('../apps/sim/dist/cli.js', import.meta.url));
const child = spawn(process.execPath, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
child.once('close', (code) => process.exit(code ?? 1));

// A terminal's Ctrl-C reaches the command, too, which then says what was done; a second signal would end it at once.
let interrupted = false;
process.on('SIGINT', () => {
  interrupted = process.stdin.isTTY;
});
onEnd(() => interrupted || child.kill('SIGTERM'));
