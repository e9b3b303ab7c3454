import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** A month of an asset; the month is its first day, `2026-11-01`. */
export interface AssetMonth {
  assetId: string;
  month: string;
}

/** These, or all that there ever was. */
type Targets = AssetMonth[] | 'all';

/** Users with a sales role: their opening, sharing and downloading counts. */
const isSales = sql`"user".role in ('rep', 'manager')`;

/** What happens in a slice happens to everybody, too. */
const slices = (own: RawBuilder<unknown>) =>
  sql`unnest(case coalesce(${own}, 0) when 0 then array[0] else array[0, ${own}] end) as slice (id)`;

/** Each thing that happened to an asset, with its day where the instance is. */
function happenings(targets: Targets, timeZone: string): RawBuilder<unknown> {
  const dayOf = (at: RawBuilder<unknown>) => sql`(${at} at time zone ${timeZone}::text)::date`;
  const isAll = targets === 'all';
  const within = (assetId: RawBuilder<unknown>, at: RawBuilder<unknown>) =>
    isAll
      ? sql``
      : sql`join target on target.asset_id = ${assetId} and ${at} >= target.from_time and ${at} < target.to_time`;
  return sql`
    select r.asset_id, 'surfaced' as what, ${dayOf(sql`s.searched_at`)} as day, 0 as buyer_slice_id
    from search_result r join search s on s.id = r.search_id
    ${within(sql`r.asset_id`, sql`s.searched_at`)}
    union all
    select a.asset_id, a.kind, ${dayOf(sql`a.occurred_at`)}, 0
    from asset_activity a join "user" on "user".id = a.user_id and ${isSales}
    ${within(sql`a.asset_id`, sql`a.occurred_at`)}
    union all
    select sent.asset_id, 'shared', ${dayOf(sql`sent.shared_at`)}, slice.id
    from shared_asset sent
    join "user" on "user".id = sent.created_by_user_id and ${isSales}
    join recipient on recipient.id = sent.recipient_id
    ${within(sql`sent.asset_id`, sql`sent.shared_at`)}
    left join contact on contact.id = recipient.contact_id
    left join account_slice account on account.account_id = coalesce(recipient.account_id, contact.account_id)
    cross join lateral ${slices(sql`account.buyer_slice_id`)}
    union all
    select reading.asset_id, each.what, reading.day, slice.id
    from reading
    ${
      isAll
        ? sql``
        : sql`join target on target.asset_id = reading.asset_id
          and reading.day >= target.month and reading.day < target.next_month`
    }
    cross join lateral ${slices(sql`reading.buyer_slice_id`)}
    cross join lateral (
      select 'reached' as what union all select 'read' where cardinality(reading.read_pages) > 0
    ) each
    where reading.is_human`;
}

const kinds = ['surfaced', 'opened', 'downloaded', 'shared', 'reached', 'read'] as const;
const numbers = kinds.flatMap((kind) => [`${kind}_days`, `${kind}_count`]);
const listNumbers = (table?: string) =>
  sql.join(numbers.map((column) => sql.ref(table ? `${table}.${column}` : column)));

const counts = sql.join(
  kinds.flatMap((kind) => {
    const isKind = sql`filter (where what = ${sql.lit(kind)})`;
    const bits = sql`coalesce(bit_or(1 << extract(day from day)::int - 1) ${isKind}, 0)`;
    return [
      sql`${bits} as ${sql.ref(`${kind}_days`)}`,
      sql`count(*) ${isKind}::int as ${sql.ref(`${kind}_count`)}`,
    ];
  }),
);

/** What searches that are too old to be kept have left in a cell is part of it. */
const withGone = sql.join(
  numbers.map((column) => {
    const counted = sql`coalesce(${sql.ref(`counted.${column}`)}, 0)`;
    if (column === 'surfaced_days')
      return sql`${counted} | coalesce(kept.gone_surfaced_days, 0) as surfaced_days`;
    if (column === 'surfaced_count')
      return sql`${counted} + coalesce(kept.gone_surfaced_count, 0) as surfaced_count`;
    return sql`${counted} as ${sql.ref(column)}`;
  }),
);

/** Counts these months of these assets anew, of every slice. Whatever is right stays untouched. */
export async function countMonths(db: Database, targets: Targets, timeZone: string): Promise<void> {
  if (targets.length === 0) return;
  const target =
    targets === 'all'
      ? sql``
      : sql`
    target as materialized (
      select distinct asset_id, month, (month + interval '1 month')::date as next_month,
        month::timestamp at time zone ${timeZone}::text as from_time,
        (month + interval '1 month')::timestamp at time zone ${timeZone}::text as to_time
      from unnest(${targets.map(({ assetId }) => assetId)}::text[], ${targets.map(({ month }) => month)}::date[])
        as given (asset_id, month)
    ),`;
  const isTarget =
    targets === 'all'
      ? sql`true`
      : sql`exists (
        select from target where target.asset_id = asset_month.asset_id and target.month = asset_month.month
      )`;
  await sql`
    with ${target}
    counted as (
      select asset_id, date_trunc('month', day)::date as month, buyer_slice_id, ${counts}
      from (${happenings(targets, timeZone)}) happened
      group by asset_id, date_trunc('month', day)::date, buyer_slice_id
    ),
    kept as (
      select asset_id, month, buyer_slice_id, gone_surfaced_days, gone_surfaced_count
      from asset_month where gone_surfaced_count > 0 and ${isTarget}
    ),
    fresh as materialized (
      select asset_id, month, buyer_slice_id, ${withGone}
      from counted full join kept using (asset_id, month, buyer_slice_id)
    ),
    gone as (
      delete from asset_month where ${isTarget} and not exists (
        select from fresh
        where fresh.asset_id = asset_month.asset_id and fresh.month = asset_month.month
          and fresh.buyer_slice_id = asset_month.buyer_slice_id
      )
    )
    insert into asset_month (asset_id, month, buyer_slice_id, ${listNumbers()})
    select asset_id, month, buyer_slice_id, ${listNumbers()} from fresh
    on conflict (asset_id, month, buyer_slice_id) do update set
      ${sql.join(numbers.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`))}
    where (${listNumbers('asset_month')}) is distinct from (${listNumbers('excluded')})`.execute(db);
}

/** Of assets that were deleted nothing is left to report. */
export async function deleteLostAssets(db: Database, assetIds: string[] | 'all'): Promise<void> {
  if (assetIds.length === 0) return;
  const isChosen = assetIds === 'all' ? sql`true` : sql`asset_id = any(${assetIds}::text[])`;
  const isLost = sql`${isChosen} and not exists (select from asset where asset.id = asset_id)`;
  for (const table of ['reading', 'asset_month', 'asset_move'])
    await sql`delete from ${sql.table(table)} where ${isLost}`.execute(db);
}
