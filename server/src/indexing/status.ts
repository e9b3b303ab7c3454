import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { searchIndex } from './contract.ts';
import { EngineFailure } from './engine.ts';
import { findHindrance, noteFailure, openMeilisearch, probe } from './meilisearch-health.ts';
import { findLastRebuild, readIndexCounts, readWaiting } from './queries.ts';

type SearchIndex = z.output<typeof searchIndex>;
type RebuildState = NonNullable<SearchIndex['rebuild']>['state'];

/** Which engine answers, why, and how far each of them is; Meilisearch is asked itself, so that this is true now. */
export async function readSearchIndex(ctx: Context): Promise<SearchIndex> {
  const [counts, rebuild, meilisearch] = await Promise.all([
    readIndexCounts(ctx.db),
    findLastRebuild(ctx.db),
    readMeilisearch(ctx),
  ]);
  const postgres = {
    key: 'postgres' as const,
    version: counts.databaseVersion.split(' ')[0] ?? null,
    isReachable: true,
    documentCount: counts.indexedCount,
    waitingCount: counts.waitingCount,
    failedCount: counts.failedCount,
    oldestWaitingAt: counts.oldestWaitingAt,
  };
  const engines = [
    postgres,
    ...(meilisearch ? [{ ...meilisearch.engine, failedCount: counts.meilisearchFailedCount }] : []),
  ];
  return {
    answeredBy: meilisearch && meilisearch.hindrance === null ? 'meilisearch' : 'postgres',
    fallbackReason: meilisearch?.hindrance ?? null,
    engines,
    publishedCount: counts.publishedCount,
    rebuild: rebuild ? { ...rebuild, state: rebuild.state as RebuildState } : null,
  };
}

async function readMeilisearch(ctx: Context) {
  const meilisearch = openMeilisearch(ctx);
  if (!meilisearch) return null;
  const { server, names } = meilisearch;
  const waiting = await readWaiting(ctx.db);
  const asked = await askMeilisearch(server, names.assets);
  if (asked instanceof EngineFailure) noteFailure(ctx, meilisearch, asked);
  else if (meilisearch.failure !== null) await probe(ctx, meilisearch);
  const isAnswer = !(asked instanceof EngineFailure);
  const isUnfilled = isAnswer && asked.documentCount === undefined;
  return {
    hindrance: (await findHindrance(ctx, meilisearch)) ?? (isUnfilled ? notFilledYet : null),
    engine: {
      key: 'meilisearch' as const,
      version: isAnswer ? asked.version : null,
      isReachable: isAnswer,
      documentCount: isAnswer ? (asked.documentCount ?? 0) : null,
      waitingCount: waiting.count,
      oldestWaitingAt: waiting.oldestAt,
    },
  };
}

const notFilledYet = 'Meilisearch is being filled for the first time.';

type Server = NonNullable<ReturnType<typeof openMeilisearch>>['server'];

async function askMeilisearch(server: Server, index: string) {
  try {
    const [version, documentCount] = await Promise.all([server.readVersion(), server.countDocuments(index)]);
    return { version, documentCount };
  } catch (error) {
    if (error instanceof EngineFailure) return error;
    throw error;
  }
}
