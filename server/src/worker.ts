import { assetJobs } from './assets/jobs.ts';
import { authJobs } from './auth/jobs.ts';
import type { Context } from './context.ts';
import type { JobHandlers } from './jobs/catalog.ts';
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
