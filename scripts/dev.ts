import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

// npm run dev: the server restarts when a source changes, Vite serves the web app and forwards the rest to it.
const root = resolve(import.meta.dirname, '..');
const children = [
  spawn(process.execPath, ['--watch-path=server/src', '--watch-preserve-output', 'server/src/main.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PUBLIC_URL: process.env.PUBLIC_URL ?? 'http://localhost:5173' },
  }),
  spawn(
    process.execPath,
    [resolve(root, 'node_modules/vite/bin/vite.js'), '--port', '5173', '--strictPort'],
    {
      cwd: resolve(root, 'web'),
      stdio: 'inherit',
    },
  ),
];
console.log('Offshelf for development: http://localhost:5173');
for (const child of children) {
  child.on('exit', (code) => {
    for (const other of children) other.kill('SIGTERM');
    process.exitCode = code ?? 0;
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill('SIGTERM');
  });
}
