import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Window } from './queries.ts';

/** How much was asked for in the window: below a certain number gaps are counted whenever somebody looks. */
export async function countSearches(db: Database, { start, end }: Window, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from search where searched_at > ${start} and searched_at <= ${end} limit ${most}
    ) counted`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Changes whenever something has that gaps are counted from; of deals and assets once an hour is enough. */
export async function readGapMark(db: Database): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws(' ',
      (select max(searched_at) from search), (select max(acted_at) from search_action),
      (select max(decided_at) from gap_decision), (select count(*) from gap_decision),
      (select max(updated_at) from request), (select count(*) from request),
      (select md5(string_agg(id || name || synonyms::text || coalesce(retired_at::text, ''), ' ' order by id)) from term)
    ) as mark`.execute(db);
  return rows[0]?.mark ?? '';
}

export interface GapSnapshotRow {
  countedAt: Date;
  mark: string;
  /** The report as JSON. */
  report: unknown;
}

export function findGapSnapshot(db: Database): Promise<GapSnapshotRow | undefined> {
  return db.selectFrom('gapSnapshot').select(['countedAt', 'mark', 'report']).executeTakeFirst();
}

/** Of two that were counted at once the newer one stays. */
export async function putGapSnapshot(
  db: Database,
  { countedAt, mark, report }: GapSnapshotRow,
): Promise<void> {
  await sql`
    insert into gap_snapshot (counted_at, mark, report)
    values (${countedAt}, ${mark}, ${JSON.stringify(report)}::text::jsonb)
    on conflict (is_only) do update
      set counted_at = excluded.counted_at, mark = excluded.mark, report = excluded.report
      where gap_snapshot.counted_at <= excluded.counted_at`.execute(db);
}

/** What was decided about one gap, before everything is counted anew. */
export async function lockGapSnapshot(db: Database): Promise<GapSnapshotRow | undefined> {
  return db.selectFrom('gapSnapshot').select(['countedAt', 'mark', 'report']).forUpdate().executeTakeFirst();
}
