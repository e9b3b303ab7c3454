import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** What a load run is told, on standard input, and what it answers, on standard output. */
export interface LoadPlan {
  port: number;
  connections: number;
  forMs: number;
  visitTokens: string[];
  /** How many pages each beat tells of. */
  pages: number;
  /** Whether each beat is of a tab of its own, so that all of its pages are new. */
  isEachNew: boolean;
  /** The total that the first beat of each visit claims; every further one claims more. */
  firstActiveMs: number;
  /** Beats are sent no faster than this. */
  perSecond?: number;
}

export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  acknowledged: number;
  refused: number;
  /** The greatest total of each visit that was acknowledged. */
  acknowledgedMs: number[];
}

/** Closed loop: each connection sends a beat, waits for the answer and sends the next. */
async function run(plan: LoadPlan): Promise<LoadResult> {
  const { port, connections, forMs, visitTokens, firstActiveMs } = plan;
  const acknowledgedMs = visitTokens.map(() => 0);
  const sentMs = visitTokens.map(() => firstActiveMs);
  const latencies: number[] = [];
  let next = 0;
  let refused = 0;
  const started = performance.now();

  /** Whether it is too early for the next beat; waits until it may be due. */
  async function hasToWait(sentCount: number): Promise<boolean> {
    const waitMs = plan.perSecond ? started + (sentCount * 1000) / plan.perSecond - performance.now() : 0;
    if (waitMs <= 1) return false;
    await setTimeout(waitMs);
    return true;
  }

  async function drive(): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answered: ((head: string) => void) | undefined;
    let seen = '';
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = seen.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (seen.length < end + 4 + length) return;
      seen = '';
      answered?.(head);
    });
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
    while (performance.now() - started < forMs) {
      if (await hasToWait(next)) continue;
      const visit = next++ % visitTokens.length;
      const activeMs = (sentMs[visit] ?? 0) + 10;
      sentMs[visit] = activeMs;
      const body = JSON.stringify({
        visitToken: visitTokens[visit],
        tabKey: plan.isEachNew ? `benchtab${next}` : 'benchtab',
        pages: Array.from({ length: plan.pages }, (_, index) => ({ page: index + 1, activeMs })),
        hasTrustedInput: true,
        number: plan.isEachNew ? 1 : (activeMs - firstActiveMs) / 10,
        ageMs: 0,
      });
      const sentAt = performance.now();
      const head = await new Promise<string>((done) => {
        answered = done;
        socket.write(
          `POST /t/beats HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Forwarded-For: ${addressOf(visit)}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      });
      latencies.push(performance.now() - sentAt);
      if (head.startsWith('HTTP/1.1 204'))
        acknowledgedMs[visit] = Math.max(acknowledgedMs[visit] ?? 0, activeMs);
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
    acknowledged: latencies.length - refused,
    refused,
    acknowledgedMs,
  };
}

/** Readers come from many places; each address may send so much only. */
function addressOf(visit: number): string {
  return `10.${Math.floor(visit / 50_000)}.${Math.floor(visit / 250) % 200}.${visit % 250}`;
}

if (import.meta.main) {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(JSON.stringify(await run(JSON.parse(input))));
}
