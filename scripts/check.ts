import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

// Format and lint, types of both halves, dead code, and the rules about who imports whom.
const steps: [string, string[]][] = [
  ['biome', ['check', '--error-on-warnings', '.']],
  ['tsc', ['-p', 'server']],
  ['tsc', ['-p', 'web']],
  ['tsc', ['-p', 'test']],
  ['knip', []],
  ['vitest', ['run', '--config', 'test/vitest.config.ts', '--project', 'unit', 'test/architecture.test.ts']],
  ['node', ['scripts/db-types.ts', '--check']],
];

const root = resolve(import.meta.dirname, '..');
let failures = 0;
for (const [program, args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${program} ${args.join(' ')} (${seconds} s)`);
  if (status !== 0) failures += 1;
}
process.exit(failures === 0 ? 0 : 1);
