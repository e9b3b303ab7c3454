import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** What `npm start` runs: the server in a few files, because reading a thousand modules takes most of a start. */
export const serverBundle = resolve(root, 'server/dist/bundle/main.js');

/**
 * Young objects get 2 MB instead of 32: what a request leaves behind is then reused and not kept, which halves the
 * memory that a large upload takes. `scripts/bootstrap.mjs` and `server/Dockerfile` say the same.
 */
export const serverFlags = ['--max-semi-space-size=2'];

const webStamp = resolve(root, 'web/dist/.built-from');
const webSources = ['web/src/**/*', 'web/public/**/*', 'web/*.{ts,html,json}', 'server/src/*/contract.ts'];
const serverStamp = resolve(root, 'server/dist/.built-from');
const serverSources = ['server/src/**/*.ts', 'server/package.json', 'server/rolldown.config.ts'];

/** Builds the web app, the viewer and the server, each when its sources changed since the last time. */
export async function build(): Promise<void> {
  await whenChanged(webStamp, webSources, async () => {
    console.log('Building the web app …');
    await run('vite/bin/vite.js', ['build', '--config', 'vite.config.ts', '--logLevel', 'warn'], 'web');
    for (const mode of ['production', 'room'])
      await run(
        'vite/bin/vite.js',
        ['build', '--config', 'vite.viewer.config.ts', '--mode', mode, '--logLevel', 'warn'],
        'web',
      );
  });
  await whenChanged(serverStamp, serverSources, async () => {
    console.log('Building the server …');
    // Three folders deep, as the sources are, so that paths relative to a module stay right.
    await run('rolldown/bin/cli.mjs', ['--config', 'rolldown.config.ts'], 'server');
  });
}

async function whenChanged(stampFile: string, sources: string[], work: () => Promise<void>): Promise<void> {
  const stamp = fingerprint(sources);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  await work();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function fingerprint(sources: string[]): string {
  const hash = createHash('sha256');
  for (const path of globSync([...sources, 'package-lock.json'], { cwd: root }).toSorted()) {
    const { mtimeMs, size } = statSync(resolve(root, path));
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

async function run(tool: string, args: string[], folder: string): Promise<void> {
  const child = spawn(process.execPath, [resolve(root, 'node_modules', tool), ...args], {
    cwd: resolve(root, folder),
    stdio: ['ignore', 'ignore', 'inherit'],
    // What tests build is what people run, and vitest would have a development build of React.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  if (code !== 0) throw new Error(`Building ${folder} failed; the lines above say why.`);
}
