import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A small shell that outlives us by a moment: when we are killed, its input ends, and it ends the children, which
 * may be deep in a computation and see nothing, and removes their folders.
 */
export interface Warden {
  add(pid: number): void;
  remove(pid: number): void;
  close(): void;
}

const script = `groups=' '
while read -r word pid; do
  case $word in
    add) groups="$groups$pid " ;;
    remove) case $groups in *" $pid "*) groups="\${groups%% $pid *} \${groups#* $pid }" ;; esac ;;
  esac
done
for pid in $groups; do kill -9 -"$pid" 2>/dev/null; done
rm -rf "$1"`;

export function createWarden(folder: string): Warden {
  const pids = new Set<number>();
  let shell: ChildProcess | undefined;

  function start(): ChildProcess {
    const started = spawn('/bin/sh', ['-c', script, 'sh', folder], {
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      // The signals of our terminal and group must not reach it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.stdin?.on('error', () => undefined);
    started.on('error', () => undefined);
    started.on('exit', () => {
      if (shell === started) shell = undefined;
    });
    // Having a warden is no reason to stay.
    started.unref();
    for (const pid of pids) started.stdin?.write(`add ${pid}\n`);
    return started;
  }

  return {
    add(pid) {
      pids.add(pid);
      if (shell) shell.stdin?.write(`add ${pid}\n`);
      else shell = start();
    },
    remove(pid) {
      pids.delete(pid);
      shell?.stdin?.write(`remove ${pid}\n`);
    },
    close() {
      shell?.stdin?.end();
      shell = undefined;
    },
  };
}
