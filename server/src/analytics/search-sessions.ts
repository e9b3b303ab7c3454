import type { Context } from '../context.ts';
import { listAskedFor } from './asked-for.ts';
import { clusterSearches } from './gap-clusters.ts';
import { listLibraryWords, listTaxonomyTerms } from './gap-queries.ts';
import { listSessions, type SearchSession } from './gap-state.ts';
import type { Window } from './queries.ts';
import { readTyped } from './typed-words.ts';

/** Finished search sessions of a window, as gaps count them; of a busier company those of the newest searches. */
export async function listSearchSessions(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  window: Window,
): Promise<Pick<SearchSession, 'userId' | 'hasSucceeded'>[]> {
  const [searches, terms] = await Promise.all([listAskedFor(db, window), listTaxonomyTerms(db)]);
  const typed = new Set(searches.flatMap(({ query }) => readTyped(query).map(({ word }) => word)));
  const libraryWords = new Set(await listLibraryWords(db, [...typed]));
  const clusters = clusterSearches(searches, [], terms, libraryWords);
  const groups = Map.groupBy(searches, (search) => clusters.groupOf(search));
  return [...groups].flatMap(([group, rows]) =>
    group === undefined ? [] : listSessions(rows, clock(), null),
  );
}
