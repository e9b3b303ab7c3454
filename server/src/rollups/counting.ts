import { setTimeout } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { countUnlessBusy } from './service.ts';

/** Short, so that what is shown is seconds old. */
const shortestPauseMs = 3_000;
/** Counting takes no more than this share of the time: what is marked again and again meanwhile is counted once. */
const busyShare = 0.1;
/** Even then what is shown is less than a minute old. */
const longestPauseMs = 20_000;

/** Counts what waits, again and again until `stop`, which lets the count under way finish. */
export function startCounting(ctx: Context): { stop(): Promise<void> } {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    let isFailing = false;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      try {
        await countUnlessBusy(ctx, stopping.signal);
        isFailing = false;
      } catch (err) {
        // Said once: the database may be away for hours.
        if (!isFailing) ctx.log.error({ event: 'counting_failed', err });
        isFailing = true;
      }
      const tookMs = performance.now() - startedAt;
      const pauseMs = Math.min(Math.max(tookMs / busyShare, shortestPauseMs), longestPauseMs);
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
