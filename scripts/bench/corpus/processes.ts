import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ProcessFacts {
  pid: number;
  parent: number;
  residentMb: number;
  command: string;
}

function listProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const read = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: read('PPid'), residentMb: read('VmRSS') / 1024, command }];
      } catch {
        // It ended while the list was being read.
        return [];
      }
    });
}

/** Everything below a process but PostgreSQL, and the shell that ends the children should the process be killed. */
export function listChildren(pid: number): ProcessFacts[] {
  const all = listProcesses();
  const below = (parent: number): ProcessFacts[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid).filter(({ command }) => !/postgres|^(\S*\/)?sh /i.test(command));
}

/** Samples the memory of the app and of its children until it is stopped. */
export function watchMemory(pid: number) {
  const peak = { appMb: 0, childMb: 0, childrenMb: 0 };
  const timer = setInterval(() => {
    const app = listProcesses().find((one) => one.pid === pid);
    const children = listChildren(pid);
    peak.appMb = Math.max(peak.appMb, app?.residentMb ?? 0);
    peak.childMb = Math.max(peak.childMb, ...children.map(({ residentMb }) => residentMb));
    peak.childrenMb = Math.max(
      peak.childrenMb,
      children.reduce((sum, { residentMb }) => sum + residentMb, 0),
    );
  }, 500);
  return {
    stop() {
      clearInterval(timer);
      return {
        appMb: Math.round(peak.appMb),
        largestChildMb: Math.round(peak.childMb),
        allChildrenMb: Math.round(peak.childrenMb),
      };
    },
  };
}

/** Files that rendering left in its temporary folder. */
export function listLeftovers(dataDir: string): string[] {
  const folder = join(dataDir, 'tmp');
  return existsSync(folder)
    ? globSync('**/*', { cwd: folder, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
    : [];
}

/** Asks for the health of the app ten times a second and keeps how long each answer took. */
export function watchLatency(url: string) {
  const took: number[] = [];
  let failures = 0;
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      const started = performance.now();
      const isOk = await fetch(`${url}/api/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (isOk) took.push(performance.now() - started);
      else failures += 1;
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await loop;
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) =>
        Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
      return { medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1), failures };
    },
  };
}
