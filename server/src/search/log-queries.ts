import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { NotRightReason, Question } from './contract.ts';
import type { Tie } from './ties.ts';

interface RefinedSearch {
  searchId: string;
  userId: string;
  /** The query that it may have been on the way to. */
  query: string;
  since: Date;
  /** Whoever changed the query later than this was not typing any more. */
  pausedSince: Date;
}

/**
 * Forgets a search that the user went on from without doing anything with its results. The row is locked first,
 * so that an action which is being noted at this moment is seen.
 */
export async function deleteRefinedSearch(
  db: Database,
  { searchId, userId, query, since, pausedSince }: RefinedSearch,
): Promise<void> {
  const { rows } = await sql`
    select id from search
    where id = ${searchId} and user_id = ${userId} and (
      searched_at >= ${pausedSince}
      or searched_at >= ${since} and query <> '' and starts_with(lower(${query}::text), lower(query))
    ) for update`.execute(db);
  if (rows.length === 0) return;
  await sql`
    delete from search
    where id = ${searchId}
      and not exists (select from search_action where search_id = search.id)
      and not exists (select from asset_activity where search_id = search.id)`.execute(db);
}

/** Forgets searches of the last seconds that the user typed through and never saw answered. */
export async function deleteOvertakenSearches(
  db: Database,
  { userId, query, since }: { userId: string; query: string; since: Date },
): Promise<void> {
  await sql`
    delete from search
    where user_id = ${userId} and searched_at >= ${since} and query <> '' and lower(query) <> lower(${query}::text)
      and (starts_with(lower(${query}::text), lower(query)) or starts_with(lower(query), lower(${query}::text)))
      and not exists (select from search_action where search_id = search.id)
      and not exists (select from asset_activity where search_id = search.id)`.execute(db);
}

export async function insertSearch(db: Database, row: Insertable<DB['search']>): Promise<void> {
  await db.insertInto('search').values(row).execute();
}

export async function insertSearchResults(
  db: Database,
  { searchId, assetIds, offset }: { searchId: string; assetIds: string[]; offset: number },
): Promise<void> {
  if (assetIds.length === 0) return;
  // An asset may have been removed since the engine named it; the log does without it.
  await sql`
    insert into search_result (search_id, asset_id, position)
    select ${searchId}, asset.id, ${offset}::int + given.place::int
    from unnest(${assetIds}::text[]) with ordinality as given (id, place) join asset on asset.id = given.id
    on conflict (search_id, asset_id) do nothing`.execute(db);
}

/** Which of two equal assets chance put first, of those that were shown; one that is gone by now is left out. */
export async function insertSearchTies(db: Database, searchId: string, ties: Tie[]): Promise<void> {
  if (ties.length === 0) return;
  await sql`
    insert into search_tie (search_id, first_asset_id, second_asset_id, position)
    select ${searchId}, one.asset_id, other.asset_id, one.position
    from unnest(
      ${ties.map(({ firstAssetId }) => firstAssetId)}::text[], ${ties.map(({ secondAssetId }) => secondAssetId)}::text[]
    ) as tie (first_id, second_id)
    join search_result one on one.search_id = ${searchId} and one.asset_id = tie.first_id
    join search_result other on other.search_id = ${searchId} and other.asset_id = tie.second_id`.execute(db);
}

/** The user's own search, if it asked the same: the pages of one answer belong to one search. */
export async function findSameSearch(
  db: Database,
  search: { searchId: string; userId: string; question: Question },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from search
    where id = ${search.searchId} and user_id = ${search.userId}
      and question = ${JSON.stringify(search.question)}::text::jsonb
    for share`.execute(db);
  return rows[0]?.id;
}

/** The question of a search, whoever asked it: a colleague may have been sent its address. */
export async function findQuestion(db: Database, searchId: string): Promise<Question | undefined> {
  const { rows } = await sql<Question>`
    select query, filters, question ->> 'accountId' as account_id,
      coalesce(question -> 'plainTermIds', '[]') as plain_term_ids
    from search where id = ${searchId}`.execute(db);
  return rows[0];
}

/** What the user asked before, to learn from the difference. */
export async function findOwnQuestion(
  db: Database,
  searchId: string,
  userId: string,
): Promise<Question | undefined> {
  const { rows } = await sql<{ question: Question | null }>`
    select question from search where id = ${searchId} and user_id = ${userId}`.execute(db);
  return rows[0]?.question ?? undefined;
}

interface TermChoice {
  phrase: string;
  termId: string;
  userId: string;
  isRefused: boolean;
  chosenAt: Date;
}

/** The latest word of each user counts. A term that was merged meanwhile is nobody's choice any more. */
export async function upsertTermChoices(db: Database, choices: TermChoice[]): Promise<void> {
  for (const { phrase, termId, userId, isRefused, chosenAt } of choices)
    await sql`
      insert into term_choice (phrase, term_id, user_id, is_refused, chosen_at)
      select ${phrase}, id, ${userId}, ${isRefused}, ${chosenAt} from term where id = ${termId}
      on conflict (phrase, term_id, user_id)
        do update set is_refused = excluded.is_refused, chosen_at = excluded.chosen_at`.execute(db);
}

interface SearchActionRow {
  searchId: string;
  userId: string;
  assetId: string;
  kind: string;
  dwellMs: number | null;
  actedAt: Date;
  /** Of a dismissed one. */
  reason: NotRightReason | null;
  note: string;
}

/** Notes what the user did with a result of their own search; again for the same asset keeps the longer dwell and the newer reason. */
export async function upsertSearchAction(db: Database, row: SearchActionRow): Promise<boolean> {
  const { rows } = await sql`
    insert into search_action (search_id, asset_id, kind, dwell_ms, acted_at, reason, note)
    select search.id, search_result.asset_id, ${row.kind}, ${row.dwellMs}::int, ${row.actedAt}::timestamptz,
      ${row.reason}, ${row.note}
    from search join search_result on search_result.search_id = search.id
    where search.id = ${row.searchId} and search.user_id = ${row.userId}
      and search_result.asset_id = ${row.assetId}
    on conflict (search_id, asset_id, kind)
      do update set dwell_ms = greatest(search_action.dwell_ms, excluded.dwell_ms),
        reason = excluded.reason, note = excluded.note, acted_at = excluded.acted_at
    returning search_id`.execute(db);
  return rows.length > 0;
}

/** Takes "not right" back wherever the user said it in a search for the same; false when the search is not theirs. */
/** Of share links that were made undone: their searches did not lead to sharing, unless another share link stands. */
export async function deleteSharedActions(db: Database, shareLinkIds: string[]): Promise<void> {
  await sql`
    delete from search_action using share_link undone
    where undone.id = any(${shareLinkIds}) and search_action.search_id = undone.search_id
      and search_action.asset_id = undone.asset_id and search_action.kind = 'shared'
      and not exists (
        select from share_link other where other.search_id = undone.search_id and other.asset_id = undone.asset_id
          and other.undone_at is null
      )`.execute(db);
}

export async function deleteDismissals(
  db: Database,
  { searchId, assetId, userId }: { searchId: string; assetId: string; userId: string },
): Promise<boolean> {
  const { rows } = await sql`
    with own as (select cluster_key from search where id = ${searchId} and user_id = ${userId}),
    gone as (
      delete from search_action using search, own
      where search.id = search_action.search_id and search.user_id = ${userId}
        and (search.id = ${searchId} or own.cluster_key <> '' and search.cluster_key = own.cluster_key)
        and search_action.asset_id = ${assetId} and search_action.kind = 'dismissed'
    )
    select cluster_key from own`.execute(db);
  return rows.length > 0;
}

/** Among so many of the last searches there are eight different ones, or somebody asks the same all the time. */
const mostLookedAt = 200;

interface RecentSearch extends Question {
  searchId: string;
  resultCount: number;
  searchedAt: Date;
}

interface RecentLook {
  userId: string;
  since: Date;
  /** Whoever asks something else sooner has not read the answer. */
  readingMs: number;
  /** A query that goes on with the words of an earlier one within this time is that one, written out. */
  writingMs: number;
}

/**
 * The user's last different searches, newest first: those that were paused on, or whose results were acted upon.
 * Looking at the whole shelf is not one.
 */
export async function listRecentSearches(
  db: Database,
  { userId, since, readingMs, writingMs }: RecentLook,
): Promise<RecentSearch[]> {
  const { rows } = await sql<RecentSearch>`
    with own as (
      select *, lead(searched_at) over (order by searched_at) - searched_at as lasted
      from (
        select * from search where user_id = ${userId} and searched_at >= ${since}
        order by searched_at desc limit ${mostLookedAt}
      ) as last_ones
    ), settled as (
      select * from own
      where (query <> '' or filters -> 'termIds' <> '[]' or filters ->> 'audience' is not null) and (
        exists (select from search_action where search_id = own.id)
        or exists (select from asset_activity where search_id = own.id)
        or coalesce(lasted >= ${readingMs}::int * interval '1 ms', true)
          and not exists (
            select from own as later
            where later.searched_at > own.searched_at
              and later.searched_at < own.searched_at + ${writingMs}::int * interval '1 ms'
              and own.query <> '' and lower(later.query) <> lower(own.query)
              and starts_with(lower(later.query), lower(own.query))
          )
      )
    )
    select id as search_id, query, filters, question ->> 'accountId' as account_id, result_count, searched_at,
      coalesce(question -> 'plainTermIds', '[]') as plain_term_ids
    from (
      select distinct on (lower(query), filters) * from settled order by lower(query), filters, searched_at desc
    ) as latest
    order by searched_at desc limit 8`.execute(db);
  return rows;
}
