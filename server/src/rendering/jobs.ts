import type { Context } from '../context.ts';
import type { JobHandlers } from '../jobs/catalog.ts';
import { checkWebLinks, renderBacklog, sweepRenditions } from './backlog.ts';
import { readWebLink } from './read-web-link.ts';
import { renderFile } from './render-file.ts';

/*
 * From an upload to its pages: `assets/content.ts` queues `render-file` → `render-file.ts` decides whether there is
 * anything to do and who is at fault when it fails → `render-by-type.ts` has the whole file looked at and chooses →
 * `render-pdf.ts`, `render-office.ts` and the like run tasks of `documents/` in child processes → `keep-page.ts` keeps
 * each page as it comes, and `finish.ts` writes how it ended.
 */
export const renderingJobs = {
  'render-file': renderFile,
  'read-web-link': readWebLink,
  'render-backlog': renderBacklog,
  'check-web-links': checkWebLinks,
  'sweep-renditions': sweepRenditions,
} satisfies Partial<JobHandlers<Context>>;
