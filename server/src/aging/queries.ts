import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { planned } from '../db/planned.ts';
import type { ResolvedSlice } from '../slices/service.ts';
import type { ExpiringAsset, FallingAsset, FlaggedAsset, HeldVersion, HotStaleAsset } from './contract.ts';

/** How much of a list is read; its length is counted beside it. */
export interface Page {
  scope: ResolvedSlice;
  most: number;
}

type Counted<Row> = Row & { totalCount: number };

const published = ({ assetIds }: ResolvedSlice) =>
  assetIds === null
    ? sql`a.status = 'published'`
    : sql`a.status = 'published' and a.id = any(${assetIds}::text[])`;

const owner = sql`left join "user" o on o.id = a.owner_user_id and o.deactivated_at is null`;

/** On which days of the window each of these assets, `a`, was used and read, by the masks that months keep. */
const useDays = (
  { window, buyerSliceIds }: ResolvedSlice,
  isCandidate: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  mask as materialized (
    select date_trunc('month', d)::date as month, bit_or(1 << extract(day from d)::int - 1) as bits
    from generate_series(${window.firstDay}::date, ${window.lastDay}::date, interval '1 day') d group by 1
  ), candidate as materialized (
    select a.id from asset a ${owner} where ${isCandidate}
  ), used as materialized (
    select asset_id, sum(bit_count(used::bit(32)))::int as used_days, sum(bit_count(read::bit(32)))::int as read_days
    from (
      select m.asset_id, m.month, bit_or((m.shared_days | m.downloaded_days | m.read_days) & mask.bits) as used,
        bit_or(m.read_days & mask.bits) as read
      from asset_month m join mask on mask.month = m.month join candidate on candidate.id = m.asset_id
      where m.buyer_slice_id = any(${buyerSliceIds}::int[])
      group by m.asset_id, m.month
    ) by_month
    group by asset_id
  )`;

/** Which assets are used much though their review is overdue or their owner is gone? The most used first. */
export async function listHotStale(
  db: Database,
  { scope, most }: Page,
  hotDays: number,
): Promise<Counted<HotStaleAsset>[]> {
  const isStale = sql`${published(scope)} and (a.review_on < ${scope.window.lastDay}::date or o.id is null)`;
  const query = sql<Counted<HotStaleAsset>>`
    with ${useDays(scope, isStale)}
    select a.id as asset_id, a.title, o.name as owner_name, used.used_days, used.read_days,
      a.review_on::text as review_on, o.id is not null as has_owner, count(*) over ()::int as total_count
    from used join asset a on a.id = used.asset_id ${owner}
    where used.used_days >= ${hotDays}
    order by used.used_days desc, a.review_on nulls last, a.id
    limit ${most}`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

/** Which reviews and which share links end soon, though they are being read? The soonest first. */
export async function listExpiring(
  db: Database,
  { scope, most }: Page,
  { now, until, untilDay }: { now: Date; until: Date; untilDay: string },
): Promise<Counted<ExpiringAsset>[]> {
  const isDue = sql`${published(scope)} and a.review_on between ${scope.window.lastDay}::date and ${untilDay}::date`;
  const query = sql<Counted<ExpiringAsset>>`
    with ${useDays(scope, isDue)}, ending as (
      select l.id, l.asset_id, l.recipient_id, l.created_by_user_id, l.expires_at, (
        select count(distinct r.day)::int from reading r
        where r.share_link_id = l.id and r.is_human and cardinality(r.read_pages) > 0
          and r.day between ${scope.window.firstDay}::date and ${scope.window.lastDay}::date
      ) as read_days
      from share_link l
      where l.expires_at > ${now} and l.expires_at <= ${until} and l.asset_id is not null
        and l.revoked_at is null and l.undone_at is null
    ), due as (
      select a.id as asset_id, a.review_on as ends_on, null::jsonb as link, used.read_days
      from asset a join used on used.asset_id = a.id
      where used.read_days > 0
      union all
      select e.asset_id, e.expires_at::date,
        jsonb_build_object('shareLinkId', e.id, 'recipientName', r.name, 'senderName', u.name), e.read_days
      from ending e join recipient r on r.id = e.recipient_id join "user" u on u.id = e.created_by_user_id
      where e.read_days > 0
    )
    select due.asset_id, a.title, o.name as owner_name, due.ends_on::text as ends_on, due.link, due.read_days,
      count(*) over ()::int as total_count
    from due join asset a on a.id = due.asset_id ${owner}
    where ${published(scope)}
    order by due.ends_on, due.read_days desc, a.id, due.link ->> 'shareLinkId'
    limit ${most}`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

/** Who holds a version that is not the current one: by a share link that keeps it, or because they read it last? */
export async function listHeld(
  db: Database,
  { scope, most }: Page,
  { now, readSince }: { now: Date; readSince: Date },
): Promise<Counted<HeldVersion>[]> {
  const { rows } = await sql<Counted<HeldVersion>>`
    with renewed as materialized (
      select a.id, a.title, a.owner_user_id, v.number
      from asset a join asset_version v on v.id = a.current_version_id
      where ${published(scope)} and v.number > 1
    ), last_read as materialized (
      select distinct on (r.share_link_id, r.asset_id) r.share_link_id, r.asset_id, v.number, r.started_at
      from renewed a join reading r on r.asset_id = a.id join asset_version v on v.id = r.asset_version_id
      where r.is_human and cardinality(r.read_pages) > 0 and r.started_at > ${readSince}
      order by r.share_link_id, r.asset_id, r.started_at desc
    ), held as (
      select l.id as share_link_id, a.id as asset_id, v.number as held_number, true as is_pinned, x.started_at as last_read_at
      from renewed a join asset_version v on v.asset_id = a.id and v.number < a.number
      join share_link l on l.pinned_version_id = v.id
      left join last_read x on x.share_link_id = l.id and x.asset_id = a.id
      union all
      select x.share_link_id, x.asset_id, x.number, false, x.started_at
      from last_read x join renewed a on a.id = x.asset_id join share_link l on l.id = x.share_link_id
      where x.number < a.number and l.pinned_version_id is null
    )
    select a.id as asset_id, a.title, o.name as owner_name, held.share_link_id, r.name as recipient_name,
      acc.name as account_name, l.created_by_user_id as sender_user_id, u.name as sender_name,
      held.held_number, a.number as current_number, held.is_pinned, held.last_read_at,
      count(*) over ()::int as total_count
    from held join renewed a on a.id = held.asset_id
    left join "user" o on o.id = a.owner_user_id and o.deactivated_at is null
    join share_link l on l.id = held.share_link_id
    join recipient r on r.id = l.recipient_id
    left join contact c on c.id = r.contact_id
    left join account acc on acc.id = coalesce(r.account_id, c.account_id)
    join "user" u on u.id = l.created_by_user_id
    where l.revoked_at is null and l.undone_at is null and (l.expires_at is null or l.expires_at > ${now})
    order by held.last_read_at desc nulls last, held.is_pinned desc, held.share_link_id, a.id
    limit ${most}`.execute(db);
  return rows;
}

/** About which assets was said that they are wrong or outdated, since the current version and the last answer? */
export async function listFlagged(db: Database, { scope, most }: Page): Promise<Counted<FlaggedAsset>[]> {
  const { rows } = await sql<Omit<Counted<FlaggedAsset>, 'flags'> & { flags: RawFlag[] }>`
    select a.id as asset_id, a.title, o.name as owner_name, count(distinct u.id)::int as user_count,
      jsonb_agg(jsonb_build_object('userName', u.name, 'reason', x.reason, 'note', x.note,
        'flaggedAt', extract(epoch from x.acted_at) * 1000) order by x.acted_at desc) as flags,
      count(*) over ()::int as total_count
    from search_action x
    join search s on s.id = x.search_id join "user" u on u.id = s.user_id
    join asset a on a.id = x.asset_id join asset_version v on v.id = a.current_version_id ${owner}
    where x.kind = 'dismissed' and x.reason in ('outdated', 'wrong') and x.acted_at > v.created_at
      and ${published(scope)}
      and not exists (
        select from flag_answer f
        where f.asset_id = a.id and f.answered_at >= x.acted_at and f.undone_at is null
      )
    group by a.id, o.name
    order by count(distinct u.id) desc, min(x.acted_at), a.id
    limit ${most}`.execute(db);
  return rows.map((row) => ({
    ...row,
    flags: row.flags.map((flag) => ({ ...flag, flaggedAt: new Date(flag.flaggedAt) })),
  }));
}

type RawFlag = Omit<FlaggedAsset['flags'][number], 'flaggedAt'> & { flaggedAt: number };

/** Which assets lose readers, as the job found them? The greatest loss of readers first. */
export async function listFalls(db: Database, { scope, most }: Page): Promise<Counted<FallingAsset>[]> {
  const { rows } = await sql<Counted<FallingAsset>>`
    select a.id as asset_id, a.title, o.name as owner_name, f.since_on::text as since_on, f.weeks,
      jsonb_build_object('sharedCount', f.before_shared_count, 'readCount', f.before_read_count) as before,
      jsonb_build_object('sharedCount', f.after_shared_count, 'readCount', f.after_read_count) as after,
      count(*) over ()::int as total_count
    from asset_fall f join asset a on a.id = f.asset_id ${owner}
    where ${published(scope)}
    order by f.before_read_count::float8 / f.before_shared_count * f.after_shared_count - f.after_read_count desc, a.id
    limit ${most}`.execute(db);
  return rows;
}
