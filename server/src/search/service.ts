import { listAssetCards } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import type { Facet, Question, SearchAnswer, SearchHit } from './contract.ts';
import { type EngineAnswer, type EngineHit, type EngineQuery, type TermGroup, wholeShelf } from './engine.ts';
import { askEngine } from './engines.ts';
import {
  deleteRefinedSearch,
  type FacetTerm,
  findSameSearch,
  insertSearch,
  insertSearchResults,
  listFacetTerms,
  listUseCounts,
  upsertSearchAction,
} from './queries.ts';

const evidenceWindowMs = 90 * 86_400_000;
/**
 * A search was typing on the way, not a question, when the next one goes on with its words within a minute, or
 * comes sooner than anybody reads results. A question that found nothing must stay: it is a gap.
 */
const continuedWithinMs = 60_000;
const readingTakesMs = 1_500;

interface SearchInput extends Question {
  refines: string | null;
  offset: number;
  limit: number;
}

export async function createSearch(ctx: Context, actor: Actor, input: SearchInput): Promise<SearchAnswer> {
  const startedAt = performance.now();
  const query = input.query.replace(/\p{Cc}+/gu, ' ');
  // A term that was merged or removed while the page was open no longer narrows; the facets show it gone.
  const selected = await listFacetTerms(ctx.db, input.filters.termIds);
  const asked: EngineQuery = {
    ...wholeShelf,
    words: query,
    groups: groupTerms(selected),
    audience: input.filters.audience,
    offset: input.offset,
    limit: input.limit,
  };
  const { answer, hits } = await askEngine(ctx, async (engine) => {
    const found = await engine.match(asked);
    const assetIds = found.candidates.map(({ assetId }) => assetId);
    return { answer: found, hits: await engine.explain(asked, assetIds) };
  });
  const [items, facets] = await Promise.all([
    readHits(ctx, hits, input.offset),
    describeFacets(ctx.db, answer.termCounts, selected),
  ]);
  const tookMs = Math.round(performance.now() - startedAt);
  const filters = { termIds: selected.map(({ id }) => id).toSorted(), audience: input.filters.audience };
  const searchId = await logSearch(ctx, actor, { ...input, query, filters }, answer, tookMs);
  return {
    searchId,
    items,
    facets,
    total: answer.total,
    understanding: {
      terms: [],
      account: null,
      operators: [],
      mistakes: [],
      spelling: answer.spelling,
      rest: query,
    },
    answer: null,
    message: null,
    nearest: [],
    tookMs,
  };
}

function groupTerms(terms: FacetTerm[]): TermGroup[] {
  const groups = Map.groupBy(terms, ({ dimensionKey }) => dimensionKey);
  return Array.from(groups, ([dimensionKey, group]) => ({
    dimensionKey,
    termIds: group.map(({ id }) => id),
  }));
}

/** Reads the rows back by the engine's ids: what an engine remembers is never shown, only what is true now. */
async function readHits({ db, clock }: Context, hits: EngineHit[], offset: number): Promise<SearchHit[]> {
  const assetIds = hits.map(({ assetId }) => assetId);
  const [cards, counts] = await Promise.all([
    listAssetCards(db, assetIds, clock()),
    listUseCounts(db, assetIds, new Date(clock().getTime() - evidenceWindowMs)),
  ]);
  const cardById = new Map(cards.map((card) => [card.id, card]));
  const countById = new Map(counts.map((count) => [count.assetId, count]));
  return hits.flatMap(({ assetId, title, excerpt, pageNumber }, index) => {
    const asset = cardById.get(assetId);
    if (asset?.status !== 'published') return [];
    const { sharedByCount = 0, humanOpenCount = 0 } = countById.get(assetId) ?? {};
    return {
      asset,
      position: offset + index + 1,
      title,
      excerpt,
      pageNumber,
      why: [],
      metTermIds: [],
      talkTrack: '',
      isReservedForNew: false,
      sentToAccount: null,
      notRight: null,
      sharedByCount,
      humanOpenCount,
    };
  });
}

/** Terms that would show something, and those that are selected even when they would not. */
async function describeFacets(
  db: Database,
  counts: EngineAnswer['termCounts'],
  selected: FacetTerm[],
): Promise<Facet[]> {
  const selectedIds = new Set(selected.map(({ id }) => id));
  const terms = await listFacetTerms(db, [...new Set([...counts.keys(), ...selectedIds])]);
  const shown = terms.filter((term) => !term.isRetired || selectedIds.has(term.id));
  return Array.from(
    Map.groupBy(shown, ({ dimensionKey }) => dimensionKey),
    ([dimensionKey, group]) => ({
      dimensionKey,
      name: group[0]?.dimensionName ?? dimensionKey,
      terms: group.map(({ id, name }) => ({
        id,
        name,
        count: counts.get(id) ?? 0,
        isSelected: selectedIds.has(id),
      })),
    }),
  );
}

/** Later pages of one answer are added to its search; anything else is a search of its own. */
function logSearch(ctx: Context, actor: Actor, input: SearchInput, answer: EngineAnswer, tookMs: number) {
  const { refines, offset, query, filters } = input;
  const assetIds = answer.candidates.map(({ assetId }) => assetId);
  return ctx.db.transaction().execute(async (trx) => {
    if (refines && offset > 0) {
      const same = await findSameSearch(trx, { searchId: refines, userId: actor.userId, query, filters });
      if (same) {
        await insertSearchResults(trx, { searchId: same, assetIds, offset });
        return same;
      }
    }
    const searchedAt = ctx.clock();
    if (refines) {
      const since = new Date(searchedAt.getTime() - continuedWithinMs);
      const pausedSince = new Date(searchedAt.getTime() - readingTakesMs);
      await deleteRefinedSearch(trx, { searchId: refines, userId: actor.userId, query, since, pausedSince });
    }
    const id = newId('srh');
    await insertSearch(trx, {
      id,
      userId: actor.userId,
      query,
      filters,
      resultCount: answer.total,
      tookMs,
      searchedAt,
    });
    await insertSearchResults(trx, { searchId: id, assetIds, offset });
    return id;
  });
}

interface SearchAction {
  searchId: string;
  assetId: string;
  kind: 'opened' | 'shared' | 'downloaded' | 'dismissed';
  dwellMs: number | null;
}

export async function recordSearchAction(ctx: Context, actor: Actor, action: SearchAction): Promise<void> {
  const isRecorded = await noteSearchAction(ctx, ctx.db, actor, action);
  if (!isRecorded)
    throw new Problem('not_found', 'None of your searches with this id showed this asset. Search again.');
}

/** For other features, within their transaction: false when it was not a result of the user's own search. */
export function noteSearchAction({ clock }: Context, db: Database, actor: Actor, action: SearchAction) {
  return upsertSearchAction(db, { ...action, userId: actor.userId, actedAt: clock() });
}
