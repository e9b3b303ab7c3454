import type { Context } from '../context.ts';
import type { SearchEngine } from './engine.ts';
import { postgresEngine } from './postgres.ts';

/** What a search asks; filling an engine is the work of jobs. */
export type AskableEngine = Pick<SearchEngine, 'match' | 'explain'>;

/**
 * Asks the engine that answers now. When Meilisearch fails on the way, the whole of it is asked of PostgreSQL anew, so
 * that one answer never mixes two engines; `ask` must therefore be free of effects.
 */
export async function askEngine<T>(ctx: Context, ask: (engine: AskableEngine) => Promise<T>): Promise<T> {
  return ask(postgresEngine(ctx.db));
}
