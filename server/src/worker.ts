import { assetJobs } from './assets/jobs.ts';
import { authJobs } from './auth/jobs.ts';
import type { Context } from './context.ts';
import type { JobHandlers, JobSchedule } from './jobs/catalog.ts';
import { renderingJobs } from './rendering/jobs.ts';
import { searchJobs } from './search/jobs.ts';
import { trackingJobs } from './tracking/jobs.ts';

/** Job name → handler; a job of the catalog without a handler does not compile. */
export const handlers = {
  ...authJobs,
  ...assetJobs,
  ...renderingJobs,
  ...searchJobs,
  ...trackingJobs,
} satisfies JobHandlers<Context>;

/** In UTC, at a quiet hour and not all at once. */
export const schedule = [
  { name: 'sweep-sessions', cron: '7 2 * * *' },
  { name: 'sweep-uploads', cron: '22 2 * * *' },
  { name: 'sweep-tracking', cron: '37 2 * * *' },
] as const satisfies JobSchedule;
