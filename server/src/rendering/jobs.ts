import type { Context } from '../context.ts';
import type { JobHandlers } from '../jobs/catalog.ts';
import { renderFile } from './render-file.ts';

export const renderingJobs = {
  'render-file': renderFile,
  'read-web-link': async () => {},
  'render-backlog': async () => {},
  'check-web-links': async () => {},
  'sweep-renditions': async () => {},
} satisfies Partial<JobHandlers<Context>>;
