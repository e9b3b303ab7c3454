import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { EngineAnswer } from '../indexing/engine.ts';
import { askEngine } from '../indexing/service.ts';
import type { DimensionKey, TermTag } from '../taxonomy/contract.ts';
import { findAnswers } from './answers.ts';
import type { Facet, NotRightReason, Question, SearchAnswer } from './contract.ts';
import { listSpelling, listUnknownWords, readHits } from './hits.ts';
import { deleteDismissals, deleteSharedActions, findQuestion, upsertSearchAction } from './log-queries.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { type ReadQuestion, readQuestion } from './question.ts';
import { logSearch } from './search-log.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

interface SearchInput extends Question {
  facets: DimensionKey[];
  refines: string | null;
  overtakes: boolean;
  offset: number;
  limit: number;
}

export async function createSearch(
  ctx: Context,
  actor: Actor,
  input: SearchInput,
  hasLeft: () => boolean,
): Promise<SearchAnswer> {
  const startedAt = performance.now();
  const { refines, overtakes, facets, offset, limit, ...question } = input;
  const understood = await readQuestion(ctx, actor, question);
  const { asked } = understood;
  const countedKeys = [...facets, ...asked.groups.map((group) => group.dimensionKey)];
  const read = { ...understood, asked: { ...asked, countedKeys } };
  const found = await askEngine(ctx, (engine) => findAnswers(ctx, actor, engine, read, { offset, limit }));
  const { answer } = found.main;
  const spelling = listSpelling(answer);
  const tookMs = Math.round(performance.now() - startedAt);
  // What nobody waited for was typing on the way, and the search that came instead may be in the log already.
  if (hasLeft()) throw new Problem('conflict', 'Another search has taken the place of this one.');
  const [searchId, [items = [], around = [], nearest = [], ...objectionHits]] = await Promise.all([
    logSearch(ctx, actor, {
      read,
      question,
      refines,
      overtakes,
      offset,
      ties: found.main.ties,
      // What stands beside the page can be acted on, too.
      assetIds: [...new Set(found.lists.flatMap(({ assets }) => assets.map(({ assetId }) => assetId)))],
      total: answer.total,
      spelling,
      tookMs,
    }),
    readHits(ctx, actor, read, found.lists),
  ]);
  return {
    searchId,
    items,
    facets: describeFacets(read, answer.termCounts),
    total: answer.total,
    closeCount: answer.closeCount,
    understanding: {
      ...read.understanding,
      spelling,
      unknownWords: listUnknownWords(answer, read.understanding),
    },
    answer: found.describeAnswer([...items, ...around]),
    message: read.message && {
      objections: read.message.objections.map(({ term: { id, dimensionKey, name }, quote }, index) => ({
        term: { id, dimensionKey, name },
        quote,
        items: objectionHits[index] ?? [],
      })),
    },
    nearest,
    tookMs: Math.round(performance.now() - startedAt),
  };
}

/** Terms that would show something, and those that are selected even when they would not. */
function describeFacets(
  { knowledge, asked, hardTermIds }: ReadQuestion,
  counts: EngineAnswer['termCounts'],
): Facet[] {
  const selected = new Set(hardTermIds);
  const shown = [...knowledge.terms.values()].filter(
    ({ id, dimensionKey, isRetired }) =>
      selected.has(id) ||
      (!isRetired && asked.countedKeys.includes(dimensionKey) && (counts.get(id) ?? 0) > 0),
  );
  return Array.from(
    Map.groupBy(shown, ({ dimensionKey }) => dimensionKey),
    ([dimensionKey, group]) => ({
      dimensionKey,
      name: group[0]?.dimensionName ?? dimensionKey,
      terms: group.map(({ id, name }) => ({
        id,
        name,
        count: counts.get(id) ?? 0,
        isSelected: selected.has(id),
      })),
    }),
  );
}

/** For other features: the terms that a text speaks of, those that it says most clearly first. */
export async function recogniseTerms(ctx: Context, actor: Actor, text: string): Promise<TermTag[]> {
  const filters = { termIds: [], audience: null };
  const { read } = await readQuestion(ctx, actor, {
    query: text,
    filters,
    plainTermIds: [],
    accountId: null,
  });
  return read
    .toSorted((a, b) => b.strength - a.strength)
    .map(({ term: { id, dimensionKey, name } }) => ({ id, dimensionKey, name }));
}

/** The question of a search that somebody was sent the address of. */
export async function readSearch({ db }: Context, searchId: string): Promise<Question> {
  const question = await findQuestion(db, searchId);
  if (!question) throw new Problem('not_found', 'This search is not there any more. Search again.');
  return question;
}

interface SearchAction {
  searchId: string;
  assetId: string;
  kind: 'opened' | 'shared' | 'downloaded' | 'dismissed';
  dwellMs: number | null;
  reason?: NotRightReason | null;
  note?: string;
}

export async function recordSearchAction(ctx: Context, actor: Actor, action: SearchAction): Promise<void> {
  const isRecorded = await noteSearchAction(ctx, ctx.db, actor, action);
  if (!isRecorded)
    throw new Problem('not_found', 'None of your searches with this id showed this asset. Search again.');
}

/** For other features, within their transaction: false when it was not a result of the user's own search. */
export function noteSearchAction(
  { clock }: Context,
  db: Database,
  actor: Actor,
  { reason = null, note = '', ...action }: SearchAction,
) {
  const isDismissed = action.kind === 'dismissed';
  return upsertSearchAction(db, {
    ...action,
    reason: isDismissed ? reason : null,
    note: isDismissed ? note : '',
    userId: actor.userId,
    actedAt: clock(),
  });
}

/** For other features, within their transaction, once these share links are undone. */
export function takeBackShared(db: Database, shareLinkIds: string[]): Promise<void> {
  return deleteSharedActions(db, shareLinkIds);
}

export async function deleteNotRight(
  { db }: Context,
  actor: Actor,
  searchId: string,
  assetId: string,
): Promise<void> {
  const isOwn = await deleteDismissals(db, { searchId, assetId, userId: actor.userId });
  if (!isOwn) throw new Problem('not_found', 'This search is not there any more. Search again.');
}
