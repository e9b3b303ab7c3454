import { agingJobs } from './aging/jobs.ts';
import { analyticsJobs } from './analytics/jobs.ts';
import { assetJobs } from './assets/jobs.ts';
import { authJobs } from './auth/jobs.ts';
import { collectionJobs } from './collections/jobs.ts';
import type { Context } from './context.ts';
import { dealJobs } from './deals/jobs.ts';
import { decisionJobs } from './decisions/jobs.ts';
import { defaultConcurrency } from './documents/limits.ts';
import { indexingJobs } from './indexing/jobs.ts';
import { influenceJobs } from './influence/jobs.ts';
import { countInfluenceFirst } from './influence/service.ts';
import { enqueueOnce, type JobHandlers, type JobName, type JobSchedule } from './jobs/catalog.ts';
import { startRunner } from './jobs/runner.ts';
import { judgingJobs } from './judging/jobs.ts';
import { notificationJobs } from './notifications/jobs.ts';
import { renderingJobs } from './rendering/jobs.ts';
import { reportJobs } from './report/jobs.ts';
import { startCounting } from './rollups/counting.ts';
import { searchJobs } from './search/jobs.ts';
import { sharesJobs } from './shares/jobs.ts';
import { trackingJobs } from './tracking/jobs.ts';
import { viewingJobs } from './viewing/jobs.ts';

/** Job name → handler; a job of the catalog without a handler does not compile. */
export const handlers = {
  ...authJobs,
  ...assetJobs,
  ...dealJobs,
  ...renderingJobs,
  ...collectionJobs,
  ...indexingJobs,
  ...searchJobs,
  ...judgingJobs,
  ...sharesJobs,
  ...trackingJobs,
  ...viewingJobs,
  ...notificationJobs,
  ...decisionJobs,
  ...influenceJobs,
  ...analyticsJobs,
  ...agingJobs,
  ...reportJobs,
} satisfies JobHandlers<Context>;

/** Jobs that take minutes and a core each; they run beside the others, which nobody waits for behind them. */
const longJobs: JobName[] = ['render-file', 'read-web-link'];
/** Files with up to millions of rows; a second one need not wait for the first. */
const bulkJobs: JobName[] = ['run-deal-import'];
/** Jobs that wait for other people's servers, which may hang. */
const sendingJobs: JobName[] = ['send-notifications', 'send-webhook', 'send-brief'];
export const shortJobs = (Object.keys(handlers) as JobName[]).filter(
  (name) => ![...longJobs, ...bulkJobs, ...sendingJobs].includes(name),
);

/** In UTC, at a quiet hour and not all at once. */
const schedule = [
  { name: 'sweep-sessions', cron: '7 2 * * *' },
  { name: 'sweep-uploads', cron: '22 2 * * *' },
  { name: 'open-months', cron: '2 2 * * *' },
  { name: 'sweep-tracking', cron: '37 2 * * *' },
  { name: 'sweep-searches', cron: '37 1 * * *' },
  { name: 'sweep-email-codes', cron: '42 1 * * *' },
  { name: 'sweep-notifications', cron: '47 1 * * *' },
  { name: 'send-due-notifications', cron: '*/5 * * * *' },
  { name: 'settle-judgements', cron: '*/2 * * * *' },
  { name: 'calibrate-judgements', cron: '7 3 * * *' },
  { name: 'sweep-collections', cron: '52 2 * * *' },
  { name: 'sweep-renditions', cron: '52 1 * * *' },
  { name: 'sweep-deal-imports', cron: '57 1 * * *' },
  { name: 'check-web-links', cron: '7 4 * * *' },
  { name: 'render-backlog', cron: '22 4 * * *' },
  { name: 'refresh-search-evidence', cron: '12 * * * *' },
  { name: 'measure-decisions', cron: '22 3 * * *' },
  { name: 'count-influence', cron: '37 3 * * *' },
  { name: 'count-pipeline', cron: '3,8,13,18,23,28,33,38,43,48,53,58 * * * *' },
  { name: 'find-falls', cron: '27 * * * *' },
  { name: 'count-gaps', cron: '* * * * *' },
  { name: 'send-briefs', cron: '*/5 * * * *' },
] as const satisfies JobSchedule;

/** With a second engine, which may have been away. */
const engineSchedule = [{ name: 'check-search-index', cron: '*/5 * * * *' }] as const satisfies JobSchedule;

/** What may have been missed while nothing worked, or was never done yet. */
const atStart = [
  'open-months',
  'render-backlog',
  'check-search-index',
  'find-falls',
  'count-pipeline',
] as const satisfies JobName[];

/** Works until `stop`, which gives up what takes long and lets the rest finish. */
export async function startWorker(ctx: Context, databaseUrl: string): Promise<{ stop(): Promise<void> }> {
  const runners = await Promise.all([
    startRunner(ctx, handlers, {
      databaseUrl,
      name: 'worker',
      only: shortJobs,
      schedule: ctx.config.meilisearch ? [...schedule, ...engineSchedule] : schedule,
    }),
    startRunner(ctx, handlers, { databaseUrl, name: 'sending', only: sendingJobs }),
    startRunner(ctx, handlers, { databaseUrl, name: 'bulk', only: bulkJobs, concurrency: 2 }),
    startRunner(ctx, handlers, {
      databaseUrl,
      name: 'rendering',
      only: longJobs,
      concurrency: ctx.config.rendering.concurrency ?? defaultConcurrency(),
    }),
  ]);
  for (const name of atStart)
    await enqueueOnce(ctx.db, name, {}).catch((err: unknown) =>
      ctx.log.warn({ event: 'job_not_queued', name, err }),
    );
  await countInfluenceFirst(ctx).catch((err: unknown) =>
    ctx.log.warn({ event: 'job_not_queued', name: 'count-influence', err }),
  );
  const counting = startCounting(ctx);
  return {
    async stop() {
      await Promise.all([counting, ...runners].map((running) => running.stop()));
    },
  };
}
