import type { Context } from '../context.ts';
import type { JobHandlers } from '../jobs/catalog.ts';
import { checkWebLinks, renderBacklog, sweepRenditions } from './backlog.ts';
import { readWebLink } from './read-web-link.ts';
import { renderFile } from './render-file.ts';

export const renderingJobs = {
  'render-file': renderFile,
  'read-web-link': readWebLink,
  'render-backlog': renderBacklog,
  'check-web-links': checkWebLinks,
  'sweep-renditions': sweepRenditions,
} satisfies Partial<JobHandlers<Context>>;
