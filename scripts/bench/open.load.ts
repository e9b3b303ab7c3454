import { connect } from 'node:net';

/** What a load run is told, on standard input, and what it answers, on standard output. */
export interface LoadPlan {
  port: number;
  connections: number;
  forMs: number;
  /** Asked for in turn. */
  paths: string[];
  headers: Record<string, string>;
}

export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** How often each path was answered with 200. */
  answered: number[];
  refused: number;
}

/** Closed loop: each connection asks for a page, reads all of the answer and asks for the next. */
async function run({ port, connections, forMs, paths, headers }: LoadPlan): Promise<LoadResult> {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const requests = paths.map((path) => [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  const answered = paths.map(() => 0);
  const latencies: number[] = [];
  let next = 0;
  let refused = 0;
  const started = performance.now();

  async function drive(): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let finish: ((isFine: boolean) => void) | undefined;
    /** Bytes of the answer that are still to come; unknown until its head is there. */
    let left: number | undefined;
    let isFine = false;
    let head = '';
    socket.on('data', (chunk) => {
      if (left === undefined) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        isFine = head.startsWith('HTTP/1.1 200 ');
        const length = Number(/content-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? 0);
        left = length - (head.length - end - 4);
      } else left -= chunk.length;
      if (left > 0) return;
      left = undefined;
      head = '';
      finish?.(isFine);
    });
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
    while (performance.now() - started < forMs) {
      const page = next++ % paths.length;
      const askedAt = performance.now();
      const isAnswered = await new Promise<boolean>((done) => {
        finish = done;
        socket.write(requests[page] ?? '');
      });
      latencies.push(performance.now() - askedAt);
      if (isAnswered) answered[page] = (answered[page] ?? 0) + 1;
      else refused += 1;
    }
    socket.destroy();
  }

  await Promise.all(Array.from({ length: connections }, drive));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return {
    perSecond: latencies.length / seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    answered,
    refused,
  };
}

if (import.meta.main) {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(JSON.stringify(await run(JSON.parse(input))));
}
