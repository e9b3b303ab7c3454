import { setTimeout } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { countUnlessBusy } from './service.ts';

/** Short, so that what is shown is seconds old; between two looks what is marked again and again is counted once. */
const pauseMs = 3_000;

/** Counts what waits, again and again until `stop`, which lets the count under way finish. */
export function startCounting(ctx: Context): { stop(): Promise<void> } {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    let isFailing = false;
    while (!stopping.signal.aborted) {
      try {
        await countUnlessBusy(ctx, stopping.signal);
        isFailing = false;
      } catch (err) {
        // Said once: the database may be away for hours.
        if (!isFailing) ctx.log.error({ event: 'counting_failed', err });
        isFailing = true;
      }
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
