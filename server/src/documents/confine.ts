import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Warden } from './warden.ts';

/**
 * How far the system lets us shut a process in, best first. `jail`: no network, no other process and no file but
 * those it needs. `no-network`: no network. `limits`: neither, as within most containers and outside of Linux, where
 * Node's permission model and the missing environment are what holds.
 */
export type Confinement = 'jail' | 'no-network' | 'limits';

export interface Reach {
  /** An empty folder that becomes the root of the jail. */
  root: string;
  readable: string[];
  writable: string[];
}

/** Under what every process that reads files of strangers runs. */
export interface Conditions {
  confinement: Confinement;
  /** As of `nice`. */
  priority: number;
  warden: Warden;
  fontFolders: string[];
}

/**
 * Half a gigabyte in one file, and no memory image of what crashed; the unit of `-f` is 512 bytes. The requests of
 * people come first, and where memory runs out the server is not what has to go. Linux may share the cores out by
 * groups of processes; then the priority within a group says nothing to the others.
 */
const prepare = `ulimit -c 0; ulimit -f 1048576
echo 800 2>/dev/null >/proc/self/oom_score_adj
echo "$1" 2>/dev/null >/proc/self/autogroup
exec nice -n "$@"`;

/**
 * A mount that the system locked keeps its flags, so the later tries name the common ones; and a folder is not to be
 * had without what is mounted in it.
 */
const jail = `set -e
root=$1; shift
mount -t tmpfs -o mode=755,size=1m jail "$root"
while [ "$1" != -- ]; do
  kind=$1 path=$2; shift 2
  [ -e "$path" ] || continue
  at=$root$path
  if [ -d "$path" ] && [ ! -L "$path" ]; then [ -d "$at" ] || mkdir -p "$at"
  else
    [ -d "\${at%/*}" ] || mkdir -p "\${at%/*}"
    if [ -L "$path" ]; then ln -s "$(readlink "$path")" "$at"; continue; fi
    [ -e "$at" ] || : > "$at"
  fi
  if [ "$kind" = w ]; then mount --bind "$path" "$at"; continue; fi
  mount -o bind,ro "$path" "$at" 2>/dev/null && continue
  umount "$at" 2>/dev/null || :
  mount --bind "$path" "$at" 2>/dev/null || mount --rbind "$path" "$at"
  mount -o remount,bind,ro "$at" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$at" 2>/dev/null ||
    mount -o remount,bind,ro,nosuid,nodev,noexec "$at"
done
shift
mkdir -p "$root/proc" "$root/tmp"
mount -t proc proc "$root/proc" 2>/dev/null || :
exec chroot "$root" "$@"`;

const withoutRights = ['setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
const namespaces = ['--map-root-user', '--net', '--ipc', '--pid', '--fork', '--kill-child'];

/** Where programs and their libraries are; settings only those without secrets. */
const system = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/nix/store', '/gnu/store', '/opt'],
  ...['/etc/ld.so.cache', '/etc/alternatives', '/etc/fonts', '/etc/libreoffice', '/var/cache/fontconfig'],
];
const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'];

/** The command that runs a program shut in. Priorities are those of `nice`. */
export function confine(level: Confinement, priority: number, command: string[], reach: Reach): string[] {
  return ['/bin/sh', '-c', prepare, 'sh', String(priority), ...enclose(level, command, reach)];
}

function enclose(level: Confinement, command: string[], reach: Reach): string[] {
  if (level === 'limits') return command;
  if (level === 'no-network') return ['unshare', ...namespaces, ...withoutRights, ...command];
  const mounts = [
    ...[...system, ...reach.readable].map((path) => ['r', path] as const),
    ...[...devices, ...reach.writable].map((path) => ['w', path] as const),
    // A folder before what lies in it, which may be writable within one that is not.
  ].toSorted(([, a], [, b]) => a.length - b.length);
  const shell = ['/bin/sh', '-c', jail, 'sh', reach.root, ...mounts.flat(), '--'];
  return ['unshare', '--mount', ...namespaces, ...shell, ...withoutRights, ...command];
}

/**
 * Only trying tells: a kernel, a container or a policy may forbid any of it. It is tried in the folder and with the
 * files that it will be done with, because it depends on how their disks are mounted, too.
 */
export async function findConfinement(home: string, readable: string[]): Promise<Confinement> {
  if (process.platform !== 'linux') return 'limits';
  const folder = await realpath(await mkdtemp(join(home, 'probe-')));
  try {
    const [root, inFolder, work] = ['root', 'in', 'work'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [root, inFolder, work]) await mkdir(path);
    const reach = { root, readable: [process.execPath, ...readable, inFolder], writable: [work] };
    for (const level of ['jail', 'no-network'] as const) {
      const [command = '', ...args] = confine(level, 0, [process.execPath, '-e', '0'], reach);
      const options = { env: { PATH: programPath }, timeout: 30_000, killSignal: 'SIGKILL' as const };
      const works = await promisify(execFile)(command, args, options).then(
        () => true,
        () => false,
      );
      if (works) return level;
    }
    return 'limits';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the system keeps its programs, since a child gets nothing of our own environment. */
export const programPath = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/bin';
