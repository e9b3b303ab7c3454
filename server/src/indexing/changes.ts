import type { Context } from '../context.ts';
import { EngineFailure } from './engine.ts';
import { noteFailure, openMeilisearch, queueMeilisearch } from './meilisearch-health.ts';
import { postgresEngine } from './postgres.ts';
import { listWaitingChanges, markWritten, noteChange } from './queries.ts';
import { fillMeilisearch, readDocuments } from './rebuild.ts';

const batch = 100;

/**
 * Brings PostgreSQL's index up to date with one asset: a published one is taken in, any other taken out. Meilisearch
 * follows by a job of its own, which takes in many changes at once and holds nobody up when it cannot.
 */
export async function indexAsset(ctx: Context, assetId: string): Promise<void> {
  if (ctx.config.meilisearch)
    await ctx.db.transaction().execute(async (trx) => {
      await noteChange(trx, assetId, ctx.clock());
      await queueMeilisearch(trx);
    });
  const engine = postgresEngine(ctx.db);
  const documents = await readDocuments(ctx, [assetId]);
  if (documents.length > 0) await engine.index(documents);
  else await engine.remove([assetId]);
}

/** Takes over every change that waits for Meilisearch, or has it filled when it has no index yet. */
export async function indexMeilisearch(ctx: Context, stopping: AbortSignal): Promise<void> {
  const meilisearch = openMeilisearch(ctx);
  if (!meilisearch) return;
  const { server, names, engine } = meilisearch;
  try {
    if ((await server.countDocuments(names.assets)) === undefined) return await fillMeilisearch(ctx);
    for (let changes = await listWaitingChanges(ctx.db, batch); changes.length > 0; ) {
      if (stopping.aborted) throw new Error('The worker stops; what waits is taken over at its next start.');
      const assetIds = changes.map(({ assetId }) => assetId);
      const documents = await readDocuments(ctx, assetIds);
      const published = new Set(documents.map(({ assetId }) => assetId));
      await engine.index(documents);
      await engine.remove(assetIds.filter((assetId) => !published.has(assetId)));
      await markWritten(ctx.db, changes);
      changes = await listWaitingChanges(ctx.db, batch);
    }
  } catch (error) {
    if (error instanceof EngineFailure) noteFailure(ctx, meilisearch, error);
    throw error;
  }
}
