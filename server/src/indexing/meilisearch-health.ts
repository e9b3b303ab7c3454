import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { EngineFailure, type SearchEngine, wholeShelf } from './engine.ts';
import { connectMeilisearch, type MeilisearchServer } from './meilisearch.ts';
import { meilisearchEngine } from './meilisearch-engine.ts';
import { type IndexNames, nameIndexes } from './meilisearch-settings.ts';
import { readWaiting } from './queries.ts';

/** After a failure Meilisearch is left alone for so long, longer each time it fails again. */
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
/** A change that waits longer than this is missed in Meilisearch. */
const behindAfterMs = 60_000;
const behindCheckMs = 2_000;

/** Meilisearch as this process sees it. */
interface Meilisearch {
  server: MeilisearchServer;
  names: IndexNames;
  engine: SearchEngine;
  /** Why it is not asked; null while it answers. */
  failure: string | null;
  pauseMs: number;
  askAgainAt: number;
  isProbing: boolean;
  behind: string | null;
  behindCheckedAt: number;
}

const opened = new WeakMap<Context, Meilisearch>();

/** Null when none is set up. */
export function openMeilisearch(ctx: Context): Meilisearch | null {
  const { config, db, instanceKey } = ctx;
  if (!config.meilisearch) return null;
  const known = opened.get(ctx);
  if (known) return known;
  const server = connectMeilisearch(config.meilisearch);
  const names = nameIndexes(createHash('sha256').update(instanceKey).digest('hex').slice(0, 8));
  const meilisearch: Meilisearch = {
    server,
    names,
    engine: meilisearchEngine(db, server, names),
    failure: null,
    pauseMs: 0,
    askAgainAt: 0,
    isProbing: false,
    behind: null,
    behindCheckedAt: 0,
  };
  opened.set(ctx, meilisearch);
  return meilisearch;
}

/** Why PostgreSQL answers although Meilisearch is set up; null when Meilisearch does. */
export async function findHindrance(ctx: Context, meilisearch: Meilisearch): Promise<string | null> {
  const now = ctx.clock().getTime();
  if (meilisearch.failure !== null) {
    // Whether it is back is tried out beside the search, so that nobody waits for it.
    if (now >= meilisearch.askAgainAt) void probe(ctx, meilisearch);
    return meilisearch.failure;
  }
  if (Math.abs(now - meilisearch.behindCheckedAt) >= behindCheckMs) {
    meilisearch.behindCheckedAt = now;
    const { count, oldestAt } = await readWaiting(ctx.db);
    const isBehind = oldestAt !== null && now - oldestAt.getTime() > behindAfterMs;
    meilisearch.behind = isBehind
      ? `Meilisearch is behind: ${count === 1 ? 'a change waits' : `${count} changes wait`} for it.`
      : null;
  }
  return meilisearch.behind;
}

export function noteFailure(ctx: Context, meilisearch: Meilisearch, error: EngineFailure): void {
  ctx.log.warn({ event: 'search_engine_failed', kind: error.kind, reason: error.message, err: error.cause });
  // A question that it cannot answer says nothing about the others.
  if (error.kind === 'question') return;
  meilisearch.failure = error.message;
  meilisearch.pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, meilisearch.pauseMs * 2));
  meilisearch.askAgainAt = ctx.clock().getTime() + meilisearch.pauseMs;
  if (error.kind === 'no_index') void queueFilling(ctx);
}

/** Meilisearch is asked something small; when it can do that, searches go to it again. */
export async function probe(ctx: Context, meilisearch: Meilisearch): Promise<void> {
  if (meilisearch.isProbing) return;
  meilisearch.isProbing = true;
  try {
    await meilisearch.engine.match({ ...wholeShelf, words: 'probe', limit: 1 });
    if (meilisearch.failure === null) return;
    meilisearch.failure = null;
    meilisearch.pauseMs = 0;
    ctx.log.info({ event: 'search_engine_back' });
    await queueFilling(ctx);
  } catch (error) {
    if (error instanceof EngineFailure) noteFailure(ctx, meilisearch, error);
    else ctx.log.warn({ event: 'search_engine_not_probed', err: error });
  } finally {
    meilisearch.isProbing = false;
  }
}

/** What waits is taken in at once, not when its next try is due; an index that is not there is filled. */
async function queueFilling({ db, log }: Context): Promise<void> {
  await queueMeilisearch(db).catch((err: unknown) => log.warn({ event: 'job_not_queued', err }));
}

/** One run after the other: each takes over all that waits. */
export async function queueMeilisearch(db: Database): Promise<void> {
  await enqueueOnce(db, 'index-meilisearch', {}, { queue: 'index-meilisearch' });
}
