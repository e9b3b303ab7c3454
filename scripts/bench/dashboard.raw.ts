import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';

export interface RawDays {
  firstDay: string;
  lastDay: string;
  end: Date;
}

/**
 * What people read in these days, from page views, visits and judgements alone: an asset, a share link and the moment for each
 * visit of a person, and whether a page was read. A page is read from 3 s or 15% of what its words take at 238 a minute.
 */
const opened = ({ firstDay, lastDay }: RawDays) => sql`
  seen as (
    select p.visit_id, p.asset_version_id, p.page_number, least(sum(p.active_ms), 305000) as active_ms
    from page_view p
    where p.visit_started_at >= ${firstDay}::date and p.visit_started_at < ${lastDay}::date + 1
    group by 1, 2, 3
  ),
  opened as (
    select v.id, version.asset_id, v.share_link_id, v.started_at, bool_or(seen.active_ms >= greatest(3000, 0.15 * coalesce(
        nullif(words.word_count, 0) * 60000.0 / 238, 6000))) as is_read
    from visit v
    join lateral (
      select class from judgement j where j.visit_id = v.id order by judged_at desc, id desc limit 1
    ) judged on judged.class like 'human-%'
    join seen on seen.visit_id = v.id
    join asset_version version on version.id = seen.asset_version_id
    left join rendition on rendition.source_key = version.source_key and rendition.state = 'done'
    left join rendition_page words on words.rendition_id = rendition.id and words.page_number = seen.page_number
    where v.started_at >= ${firstDay}::date and v.started_at < ${lastDay}::date + 1
    group by 1, 2, 3, 4
  )`;

export interface RungCount {
  rung: string;
  count: number;
}

/** How many eligible assets stand on each rung, by raw rows; and how many of them were shared or downloaded. */
export async function countLadderRaw(
  db: Database,
  days: RawDays,
): Promise<{ ladder: RungCount[]; usedCount: number }> {
  const { firstDay, lastDay, end } = days;
  const inDays = (at: string) =>
    sql`${sql.raw(at)} >= ${firstDay}::date and ${sql.raw(at)} < ${lastDay}::date + 1`;
  const { rows } = await sql<RungCount & { usedCount: number }>`
    with ${opened(days)},
    reached as (
      select r.asset_id, 1 as rung from search s join search_result r on r.search_id = s.id where ${inDays('s.searched_at')}
      union all
      select a.asset_id, case a.kind when 'opened' then 2 else 0 end from asset_activity a
      join "user" u on u.id = a.user_id and u.role in ('rep', 'manager') where ${inDays('a.occurred_at')}
      union all
      select l.asset_id, 3 from share_link l
      join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager') where ${inDays('l.created_at')}
      union all
      select asset_id, case when is_read then 5 else 4 end from opened
      union all
      select o.asset_id, 6 from opened o
      join share_link l on l.id = o.share_link_id
      join recipient r on r.id = l.recipient_id
      where o.is_read and exists (
        select from deal d join deal_stage s on s.deal_id = d.id
        where d.account_id = r.account_id and s.entered_at > o.started_at and s.entered_at <= ${end}
      )
    ),
    standing as (
      select a.id, coalesce(max(reached.rung), 0) as rung,
        coalesce(bool_or(reached.rung = 3), false) or exists (
          select from asset_activity d join "user" u on u.id = d.user_id and u.role in ('rep', 'manager')
          where d.asset_id = a.id and d.kind = 'downloaded' and ${inDays('d.occurred_at')}
        ) as is_used
      from asset a left join reached on reached.asset_id = a.id
      where a.status = 'published' and a.published_at <= ${end}::timestamptz - interval '30 days'
      group by a.id
    )
    select (array['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'])[rung + 1] as rung,
      count(*)::int as count, (sum(count(*) filter (where is_used)) over ())::int as used_count
    from standing group by rung order by rung`.execute(db);
  return {
    ladder: rows.map(({ rung, count }) => ({ rung, count })),
    usedCount: rows[0]?.usedCount ?? 0,
  };
}

export interface CellCount {
  cell: string;
  assetCount: number;
  sharedCount: number;
  readCount: number;
}

/** How many eligible assets stand where a persona and a stage meet, and how many of them were shared and read, by raw rows. */
export async function countCellsRaw(db: Database, days: RawDays): Promise<CellCount[]> {
  const { firstDay, lastDay, end } = days;
  const { rows } = await sql<CellCount>`
    with ${opened(days)},
    shared as (
      select distinct l.asset_id from share_link l
      join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager')
      where l.created_at >= ${firstDay}::date and l.created_at < ${lastDay}::date + 1
    ),
    was_read as (select distinct asset_id from opened where is_read)
    select p.term_id || ' ' || s.term_id as cell, count(*)::int as asset_count, count(shared.asset_id)::int as shared_count,
      count(was_read.asset_id)::int as read_count
    from asset a
    join asset_term p on p.asset_id = a.id and p.term_id in (select id from term where dimension_key = 'persona')
    join asset_term s on s.asset_id = a.id and s.term_id in (select id from term where dimension_key = 'stage')
    left join shared on shared.asset_id = a.id
    left join was_read on was_read.asset_id = a.id
    where a.status = 'published' and a.published_at <= ${end}::timestamptz - interval '30 days'
    group by 1 order by 1`.execute(db);
  return rows;
}
