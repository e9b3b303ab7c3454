import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findOrInstallChromium } from '../test/support/chromium.ts';
import { build } from './build.ts';

// npm test: everything. Arguments go to vitest, e.g. npm test -- --project api.
const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const { path, how } = findOrInstallChromium();
console.log(`Chromium: ${path} (${how})`);
console.log(
  existsSync(resolve(root, '../shared/library/library.csv'))
    ? 'The example library ../shared/library is there: its tests and stories run too.'
    : 'The example library ../shared/library is not there: tests and stories run on the sample library only.',
);
await build();
const child = spawn(
  process.execPath,
  [
    resolve(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/vitest.config.ts',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH: path },
  },
);
child.on('exit', (code) => process.exit(code ?? 1));
