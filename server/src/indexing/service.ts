import type { Context } from '../context.ts';
import { EngineFailure, type SearchEngine } from './engine.ts';
import { findHindrance, noteFailure, openMeilisearch } from './meilisearch-health.ts';
import { postgresEngine } from './postgres.ts';

/** What a search asks; filling an engine is the work of jobs. */
export type AskableEngine = Pick<SearchEngine, 'match' | 'explain'>;

/**
 * Asks the engine that answers now. When Meilisearch fails on the way, the whole of it is asked of PostgreSQL anew, so
 * that one answer never mixes two engines; `ask` must therefore be free of effects.
 */
export async function askEngine<T>(ctx: Context, ask: (engine: AskableEngine) => Promise<T>): Promise<T> {
  const meilisearch = openMeilisearch(ctx);
  const postgres = postgresEngine(ctx.db);
  if (!meilisearch || (await findHindrance(ctx, meilisearch)) !== null) return ask(postgres);
  try {
    return await ask(meilisearch.engine);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    noteFailure(ctx, meilisearch, error);
    return ask(postgres);
  }
}
