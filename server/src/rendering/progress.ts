import { z } from 'zod';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { listFaults, listRunning, readProgress } from './progress-queries.ts';
import { findConverter } from './render-office.ts';
import { currentMethod } from './source.ts';

const paceMs = 10 * 60_000;

/** How far the rendering of the library is, and when it will be through if it goes on like this. */
export async function readRenderingProgress(ctx: Context) {
  const { db, clock } = ctx;
  const asOf = clock();
  const since = new Date(asOf.getTime() - paceMs);
  const [progress, running, converter] = await Promise.all([
    readProgress(db, { method: currentMethod, since, now: asOf }),
    listRunning(db),
    findConverter(ctx),
  ]);
  const { counts, waitingCount, finishedCount, sinceMs } = progress;
  const isMoving = running.length > 0 && finishedCount > 0 && sinceMs !== null;
  return {
    counts: { queued: 0, running: 0, done: 0, failed: 0, unsupported: 0, ...counts },
    waitingCount,
    remainingMs: isMoving ? Math.round((sinceMs / finishedCount) * waitingCount) : null,
    converter: { kind: converter.kind, fault: converter.fault },
    running: running.map(({ title, ...run }) => ({
      ...run,
      title: title ?? 'A file that was just uploaded',
    })),
    asOf,
  };
}

const place = z.tuple([
  z.string().regex(/^(-infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?)$/),
  z.string(),
]);

/** Current versions that have no pages because something went wrong, and web links that stopped working. */
export async function listRenderingFaults(
  { db }: Context,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const [failedAt, assetId] = cursor === undefined ? [] : readCursor(place, cursor);
  const after = failedAt !== undefined && assetId !== undefined ? { failedAt, assetId } : undefined;
  const rows = await listFaults(db, { limit: limit + 1, after });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? writeCursor([last.sortKey, last.assetId]) : null,
  };
}
