import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const stampFile = resolve(root, 'web/dist/.built-from');
const sources = [
  'web/src/**/*',
  'web/public/**/*',
  'web/*.{ts,html,json}',
  'server/src/*/contract.ts',
  'package-lock.json',
];

/** Builds the web app and the viewer when their sources changed since the last build. */
export async function buildWeb(): Promise<void> {
  const stamp = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('Building the web app …');
  await vite('vite.config.ts');
  await vite('vite.viewer.config.ts');
  mkdirSync(resolve(root, 'web/dist'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of globSync(sources, { cwd: root }).toSorted()) {
    const { mtimeMs, size } = statSync(resolve(root, path));
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

async function vite(config: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [resolve(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', config, '--logLevel', 'warn'],
    { cwd: resolve(root, 'web'), stdio: 'inherit' },
  );
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  if (code !== 0) throw new Error('The web app could not be built; the lines above say why.');
}
