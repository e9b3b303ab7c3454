import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What a process and everything below it uses. */
export interface ProcessUse {
  memoryBytes: number;
  cpuMs: number;
  /** Waiting for a disk is no deadlock, though it takes no time of a core. */
  isOnDisk: boolean;
  /** It would work if it had a core; whether it has one tells `cpuMs`. */
  isReady: boolean;
}

/** Some kernels are built without the list of a process's children. */
export const measure = existsSync(`/proc/self/task/${process.pid}/children`) ? measureByProc : measureByPs;

async function measureByProc(pid: number): Promise<ProcessUse> {
  const total: ProcessUse = { memoryBytes: 0, cpuMs: 0, isOnDisk: false, isReady: false };
  const pids = [pid];
  for (let at = pids.shift(); at !== undefined; at = pids.shift()) {
    const [stat, status, children] = await Promise.all(
      ['stat', 'status', `task/${at}/children`].map((name) =>
        readFile(`/proc/${at}/${name}`, 'utf8').catch(() => ''),
      ),
    );
    // The name of the program stands in brackets and may hold anything.
    const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
    // Everywhere that Node runs, the kernel counts a hundred ticks per second for programs.
    total.cpuMs += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
    total.isOnDisk ||= fields[0] === 'D';
    total.isReady ||= fields[0] === 'R';
    total.memoryBytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1] ?? 0) * 1024;
    pids.push(...(children ?? '').split(' ').filter(Boolean).map(Number));
  }
  return total;
}

async function measureByPs(pid: number): Promise<ProcessUse> {
  const listing = promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,state=']);
  // Without `ps` there is nothing to go by; the limits of Node and on time hold all the same.
  const { stdout } = await listing.catch(() => ({ stdout: '' }));
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const total: ProcessUse = { memoryBytes: 0, cpuMs: 0, isOnDisk: false, isReady: false };
  const family = new Set([String(pid)]);
  // A child is listed after its parent, but for pids that started over.
  for (const [own = '', parent = '', rss, time = '', state = ''] of rows) {
    if (!family.has(own) && !family.has(parent)) continue;
    family.add(own);
    total.memoryBytes += Number(rss) * 1024;
    total.cpuMs += time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
    total.isOnDisk ||= /^[UD]/.test(state);
    total.isReady ||= state.startsWith('R');
  }
  return total;
}
