import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { readingRule } from '../rendering/service.ts';

/*
 * Says the definitions once more, in other words than those that count: with the views and functions that the rest of the
 * product reads visits by, and plain joins.
 */

/** A row that is not as it should be. */
export interface Fault {
  /** Which one, such as "ast_… 2026-11-01 0 read". */
  row: string;
  fault: 'missing' | 'surplus' | 'different';
  /** How many there are, of which only the first are named. */
  faultCount: number;
}

const mostNamed = 5;

const compare = (expected: RawBuilder<unknown>, stored: RawBuilder<unknown>) => sql<Fault>`
  with expected as (${expected}), stored as (${stored})
  select row, case when stored.value is null then 'missing' when expected.value is null then 'surplus' else 'different' end
    as fault, count(*) over ()::int as fault_count
  from expected full join stored using (row)
  where expected.value is distinct from stored.value
  order by row limit ${mostNamed}`;

/** Of visits that began in this time and whose pages are all there. */
export async function listReadingFaults(
  db: Database,
  { startedFrom, startedBefore }: { startedFrom: string; startedBefore: string },
  timeZone: string,
): Promise<Fault[]> {
  const isInside = (visit: string) => sql`
    ${sql.ref(`${visit}.started_at`)} >= ${startedFrom}::timestamptz
    and ${sql.ref(`${visit}.started_at`)} < ${startedBefore}::timestamptz
    and not exists (
      select from dropped_month where table_name = 'page_view'
        and month = date_trunc('month', ${sql.ref(`${visit}.started_at`)} at time zone 'UTC')
    )`;
  const expected = sql`
    select seen.visit_id || ' ' || seen.asset_version_id as row, jsonb_build_array(
        seen.asset_id, (seen.started_at at time zone ${timeZone}::text)::date, judged.class, judged.is_human,
        coalesce(recipient.account_id, contact.account_id),
        case when recipient.kind = 'person' then recipient.id else visit.visitor_id end,
        coalesce(pages.read_pages, '[]'), coalesce(pages.active_ms, 0), coalesce(pages.furthest_page, 0)
      ) as value
    from visited_asset seen
    join visit on visit.id = seen.visit_id
    join share_link link on link.id = seen.share_link_id and link.undone_at is null
    join recipient on recipient.id = link.recipient_id
    left join contact on contact.id = recipient.contact_id
    join current_judgement judged on judged.visit_id = seen.visit_id
    left join lateral (
      select case when count(*) > 0 then least(
          sum(page.active_ms), extract(epoch from visit.last_active_at - visit.started_at) * 1000 + 5000
        )::int end as active_ms,
        max(page.page_number) as furthest_page,
        jsonb_agg(page.page_number order by page.page_number) filter (where page.active_ms >= ${sql.lit(readingRule.minimumMs)}
          and page.active_ms >= ${sql.lit(readingRule.share)} * case when page.word_count > 0
            then page.word_count * 60000.0 / ${sql.lit(readingRule.wordsPerMinute)} else ${sql.lit(readingRule.textlessMs)} end
        ) as read_pages
      from pages_of_visit(seen.visit_id) page where page.asset_version_id = seen.asset_version_id
    ) pages on true
    where ${isInside('seen')}`;
  const stored = sql`
    select visit_id || ' ' || asset_version_id as row, jsonb_build_array(
        asset_id, day, class, is_human, account_id, reader_key, to_jsonb(read_pages), active_ms, furthest_page
      ) as value
    from reading where ${isInside('reading')} and exists (select from visit where visit.id = reading.visit_id)`;
  return (await compare(expected, stored).execute(db)).rows;
}

const kinds = ['surfaced', 'opened', 'downloaded', 'shared', 'reached', 'read'] as const;

export async function listMonthFaults(db: Database, timeZone: string): Promise<Fault[]> {
  const local = (at: string) => sql`(${sql.raw(at)} at time zone ${timeZone}::text)::date`;
  const bySales = sql`(select id from "user" where role in ('rep', 'manager'))`;
  /** Once for everybody, and once more for those of its account. */
  const each = (
    what: RawBuilder<unknown>,
    day: RawBuilder<unknown>,
    slice: RawBuilder<unknown>,
    from: RawBuilder<unknown>,
  ) => sql`
    select asset_id, ${what} as what, ${day} as day, 0 as slice_id ${from}
    union all
    select asset_id, ${what}, ${day}, ${slice} ${from} and coalesce(${slice}, 0) <> 0`;
  const expected = sql`
    select concat_ws(' ', asset_id, month, slice_id, what) as row,
      jsonb_build_array(bit_or(days), sum(amount)) as value
    from (
      select asset_id, what, date_trunc('month', day)::date as month, slice_id,
        bit_or(1 << extract(day from day)::int - 1) as days, count(*) as amount
      from (
        select asset_id, 'surfaced' as what, ${local('searched_at')} as day, 0 as slice_id
        from search join search_result on search_id = search.id
        union all
        select asset_id, kind, ${local('occurred_at')}, 0 from asset_activity where user_id in ${bySales}
        union all
        ${each(
          sql`'shared'`,
          local('shared_at'),
          sql`slice.buyer_slice_id`,
          sql`from shared_asset sent join recipient on recipient.id = sent.recipient_id
            left join contact on contact.id = recipient.contact_id
            left join account_slice slice on slice.account_id = coalesce(recipient.account_id, contact.account_id)
            where sent.created_by_user_id in ${bySales}`,
        )}
        union all
        ${each(sql`'reached'`, sql`day`, sql`buyer_slice_id`, sql`from reading where is_human`)}
        union all
        ${each(sql`'read'`, sql`day`, sql`buyer_slice_id`, sql`from reading where is_human and read_pages <> '{}'`)}
      ) happened
      group by 1, 2, 3, 4
      union all
      select asset_id, 'surfaced', month, buyer_slice_id, gone_surfaced_days, gone_surfaced_count
      from asset_month where gone_surfaced_count > 0
    ) counted
    group by asset_id, month, slice_id, what`;
  const stored = sql`
    select concat_ws(' ', asset_id, month, buyer_slice_id, what) as row, jsonb_build_array(days, amount) as value
    from asset_month cross join lateral (
      values ${sql.join(
        kinds.map((kind) => sql`(${sql.lit(kind)}, ${sql.ref(`${kind}_days`)}, ${sql.ref(`${kind}_count`)})`),
      )}
    ) as cell (what, days, amount)
    where amount > 0 or days <> 0`;
  return (await compare(expected, stored).execute(db)).rows;
}

export async function listMoveFaults(db: Database): Promise<Fault[]> {
  const expected = sql`
    select concat_ws(' ', asset_id, slice_id, day) as row, to_jsonb(min(entered_at)) as value
    from reading
    join deal on deal.account_id = reading.account_id and deal.removed_at is null
    join deal_stage on deal_stage.deal_id = deal.id and deal_stage.entered_at > reading.started_at
    cross join lateral (select 0 as slice_id union select buyer_slice_id) slice
    where is_human and read_pages <> '{}'
    group by asset_id, slice_id, day`;
  const stored = sql`
    select concat_ws(' ', asset_id, buyer_slice_id, read_on) as row, to_jsonb(moved_at) as value from asset_move`;
  return (await compare(expected, stored).execute(db)).rows;
}
