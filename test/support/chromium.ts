import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { chromium } from 'playwright-core';

interface FoundChromium {
  path: string;
  /** Where it came from, for the person who watches. */
  how: string;
}

/** CHROMIUM_PATH, else the system's, else Playwright's own, else one that is installed now. */
export function findOrInstallChromium(): FoundChromium {
  const found = findChromium();
  if (found) return found;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  console.log(
    isDebianRoot
      ? "No Chromium found: installing Debian's package …"
      : "No Chromium found: installing Playwright's own …",
  );
  if (isDebianRoot) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  } else {
    run(process.execPath, [
      resolve(import.meta.dirname, '../../node_modules/playwright-core/cli.js'),
      'install',
      'chromium',
    ]);
  }
  const installed = findChromium();
  if (!installed) {
    throw new Error(
      'Chromium could not be installed; the lines above say why. Install Chromium or Chrome, or set CHROMIUM_PATH to one, and run npm test again.',
    );
  }
  return { ...installed, how: 'installed just now' };
}

function findChromium(): FoundChromium | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names ${given}, which does not exist.`);
    return { path: given, how: 'CHROMIUM_PATH' };
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = resolve(folder, name);
      if (folder && existsSync(path)) return { path, how: "the system's" };
    }
  }
  const own = chromium.executablePath();
  return own && existsSync(own) ? { path: own, how: "Playwright's own" } : undefined;
}

function run(program: string, args: string[]): void {
  spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}
