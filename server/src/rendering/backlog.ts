import type { Context } from '../context.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import {
  countQueuedFiles,
  deleteUnusedRenditions,
  listBacklog,
  listLinksToCheck,
  listUnreadLinks,
} from './progress-queries.ts';
import { findConverter } from './render-office.ts';
import { currentMethod } from './source.ts';

const usedWithinMs = 90 * 86_400_000;
const batchSize = 200;
/** The next batch is looked for when this one may be through; what somebody shared meanwhile goes first then. */
const nextBatchMs = 60_000;
/** Fresh uploads have priority 0, so that whoever waits for a first page never waits for the backlog. */
const backlogPriority = 100;
const unusedMs = 48 * 3_600_000;
const checkedAgainMs = 6 * 86_400_000;
const linksANight = 500;

/** Queues what was never rendered, or in an older way: newest and most used first, in batches. */
export async function renderBacklog(ctx: Context): Promise<void> {
  const { db, clock, log } = ctx;
  const now = clock();
  const limit = Math.max(0, batchSize - (await countQueuedFiles(db)));
  const rows = await listBacklog(db, {
    method: currentMethod,
    since: new Date(now.getTime() - usedWithinMs),
    limit,
    mustScan: ctx.config.clamav !== null,
    canConvert: (await findConverter(ctx)).kind !== 'off',
  });
  for (const [index, row] of rows.entries())
    await enqueueOnce(db, 'render-file', row, { priority: backlogPriority + index });
  for (const assetVersionId of await listUnreadLinks(db, batchSize))
    await enqueueOnce(db, 'read-web-link', { assetVersionId }, { priority: backlogPriority });
  if (rows.length === limit)
    await enqueueOnce(db, 'render-backlog', {}, { runAt: new Date(now.getTime() + nextBatchMs) });
  if (rows.length > 0) log.info({ event: 'backlog_queued', count: rows.length });
}

/** Asks a bounded number of web links each night whether they still open. */
export async function checkWebLinks({ db, clock }: Context): Promise<void> {
  const before = new Date(clock().getTime() - checkedAgainMs);
  for (const assetVersionId of await listLinksToCheck(db, before, linksANight))
    await enqueueOnce(db, 'read-web-link', { assetVersionId }, { priority: backlogPriority });
}

/** Forgets what was made of content that no version has any more; its pictures go with the next sweep of files. */
export async function sweepRenditions({ db, clock, log }: Context): Promise<void> {
  const count = await deleteUnusedRenditions(db, new Date(clock().getTime() - unusedMs));
  log.info({ event: 'renditions_swept', count });
}
