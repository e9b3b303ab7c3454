import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { planned } from '../db/planned.ts';
import { monthsOf } from '../rollups/service.ts';
import type { ShelfGrouping } from './contract.ts';
import { eligibleAfterDays } from './metrics.ts';

interface Days {
  firstDay: string;
  lastDay: string;
  end: Date;
}

/** What of a resolved slice these queries need. */
export interface ReachScope {
  window: Days;
  before: Days;
  assetIds: string[] | null;
  buyerSliceIds: number[];
}

/** The bits of the window before stand so much higher than those of the window. */
const beforeShift = 8;

/** A bit for each day in each month that either window touches; a month may be in both. */
function listMonthMasks({ window, before }: Pick<ReachScope, 'window' | 'before'>) {
  return [
    ...monthsOf(window).map((month) => ({ ...month, shift: 0 })),
    ...monthsOf(before).map((month) => ({ ...month, shift: beforeShift })),
  ];
}

const isEverybody = ({ buyerSliceIds }: ReachScope) => buyerSliceIds.length === 1 && buyerSliceIds[0] === 0;

/** Whether an asset was published at an instant. Few change after it, so that most need no look at their history. */
const publishedAt = (end: Date, changedSince: RawBuilder<unknown>) => sql`
  a.published_at <= ${end} and case when ${changedSince} then (
    select c.status from asset_status_change c where c.asset_id = a.id and c.changed_at <= ${end}
    order by c.changed_at desc, c.id desc limit 1
  ) else a.status end is not distinct from 'published'`;

/**
 * `fact`: each asset that was published at the end of either window, whether it was eligible, and how far it got: the
 * highest bit of `reached` is its rung, from 1 (surfaced) to 32 (in a deal that moved); 64 stands for a download. All of
 * it is worked out once, whatever limit the query has: a plan for the first few rows takes minutes for the rest.
 */
const facts = (scope: ReachScope) => {
  const masks = listMonthMasks(scope);
  const { window, before } = scope;
  const eligibleBy = (end: Date) =>
    sql`${end}::timestamptz - ${sql.lit(eligibleAfterDays)} * interval '24 hours'`;
  return sql`
    month_mask (month, mask, shift) as materialized (
      select * from unnest(
        ${masks.map(({ month }) => month)}::date[],
        ${masks.map(({ mask }) => mask)}::int[],
        ${masks.map(({ shift }) => shift)}::int[]
      )
    ),
    happened as (
      select m.asset_id, bit_or((
        case when m.surfaced_days & w.mask <> 0 then 1 else 0 end
        | case when m.opened_days & w.mask <> 0 then 2 else 0 end
        | case when m.shared_days & w.mask <> 0 then 4 else 0 end
        | case when m.reached_days & w.mask <> 0 then 8 else 0 end
        | case when m.read_days & w.mask <> 0 then 16 else 0 end
        | case when m.downloaded_days & w.mask <> 0 then 64 else 0 end
      ) << w.shift) as bits
      from asset_month m join month_mask w on w.month = m.month
      where m.buyer_slice_id = any(${scope.buyerSliceIds}::int[])
      group by m.asset_id
    ),
    moved as (
      select asset_id,
        bool_or(read_on >= ${window.firstDay}::date and moved_at <= ${window.end}) as has_now,
        bool_or(read_on < ${window.firstDay}::date and moved_at <= ${before.end}) as has_before
      from asset_move
      where read_on between ${before.firstDay}::date and ${window.lastDay}::date
        and buyer_slice_id = any(${scope.buyerSliceIds}::int[])
      group by asset_id
    ),
    changed as (
      select asset_id, bool_or(changed_at > ${window.end}) as since_now
      from asset_status_change where changed_at > ${before.end} group by asset_id
    ),
    standing as (
      select a.id as asset_id, a.title, a.published_at, a.owner_user_id, a.owner_role, a.review_on,
        ${publishedAt(window.end, sql`coalesce(c.since_now, false)`)} as is_published,
        ${publishedAt(before.end, sql`c.asset_id is not null`)} as was_published
      from asset a left join changed c on c.asset_id = a.id
      where ${scope.assetIds === null ? sql`true` : sql`a.id = any(${scope.assetIds}::text[])`}
    ),
    fact as materialized (
      select s.asset_id, s.title, s.published_at, s.is_published, u.name as user_name, s.owner_role,
        s.is_published and s.published_at <= ${eligibleBy(window.end)} as is_eligible,
        s.was_published and s.published_at <= ${eligibleBy(before.end)} as was_eligible,
        coalesce(h.bits, 0) & 127 | case when v.has_now then 32 else 0 end as reached,
        coalesce(h.bits, 0) >> ${sql.lit(beforeShift)} | case when v.has_before then 32 else 0 end as reached_before,
        coalesce(s.review_on < ${window.lastDay}::date, false)
          or u.deactivated_at is not null as is_stale
      from standing s
      left join happened h on h.asset_id = s.asset_id
      left join moved v on v.asset_id = s.asset_id
      left join "user" u on u.id = s.owner_user_id
      where s.is_published or s.was_published
    )`;
};

/** 0 (published) to 6 (in a deal that moved). */
const height = (bits: RawBuilder<unknown>) => sql`
  case when ${bits} & 32 <> 0 then 6 when ${bits} & 16 <> 0 then 5 when ${bits} & 8 <> 0 then 4
    when ${bits} & 4 <> 0 then 3 when ${bits} & 2 <> 0 then 2 when ${bits} & 1 <> 0 then 1 else 0 end`;
/** Shared or downloaded. */
const isUsed = (bits: RawBuilder<unknown>) => sql`${bits} & (4 | 64) <> 0`;

export interface ReachCount {
  isEligible: boolean;
  wasEligible: boolean;
  isPublished: boolean;
  isUsed: boolean;
  wasUsed: boolean;
  isStale: boolean;
  height: number;
  heightBefore: number;
  count: number;
  firstPublishedAt: Date;
}

/** How many assets are there of each kind that the report tells apart? */
export async function countReach(db: Database, scope: ReachScope): Promise<ReachCount[]> {
  const query = sql<ReachCount>`
    with ${facts(scope)}
    select is_eligible, was_eligible, is_published, is_stale and is_published as is_stale,
      ${isUsed(sql`reached`)} as is_used, ${isUsed(sql`reached_before`)} as was_used,
      ${height(sql`reached`)} as height, ${height(sql`reached_before`)} as height_before,
      count(*)::int as count, min(published_at) as first_published_at
    from fact group by 1, 2, 3, 4, 5, 6, 7, 8`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

/** By what spines stand together: the first term of a dimension, or whose asset it is. */
const ownerName = sql`coalesce(f.user_name, nullif(f.owner_role, ''))`;
const groupDimensions = { contentType: 'content_type', persona: 'persona', stage: 'stage' } as const;

export interface GroupCount {
  group: string | null;
  height: number;
  count: number;
}

/** How many eligible assets of each group stand on each rung? */
export async function countShelfGroups(
  db: Database,
  scope: ReachScope,
  grouping: ShelfGrouping,
): Promise<GroupCount[]> {
  const dimension = grouping === 'rung' || grouping === 'owner' ? undefined : groupDimensions[grouping];
  const label = dimension ? sql`l.name` : grouping === 'owner' ? ownerName : sql`null::text`;
  const labels = sql`
    left join (
      select distinct on (x.asset_id) x.asset_id, t.name
      from term t join asset_term x on x.term_id = t.id
      where t.dimension_key = ${dimension ?? ''}
      order by x.asset_id, t.position, t.id
    ) as l on l.asset_id = f.asset_id`;
  const query = sql<GroupCount>`
    with ${facts(scope)}
    select ${label} as "group", ${height(sql`f.reached`)} as height, count(*)::int as count
    from fact f ${dimension ? labels : sql``}
    where f.is_eligible
    group by 1, 2`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

export interface SpineRow {
  assetId: string;
  title: string;
  height: number;
  ownerName: string | null;
  isStale: boolean;
}

/** Each eligible asset with its rung. */
export async function listSpineRows(db: Database, scope: ReachScope): Promise<SpineRow[]> {
  const query = sql<SpineRow>`
    with ${facts(scope)}
    select f.asset_id, f.title, ${height(sql`f.reached`)} as height, ${ownerName} as owner_name, f.is_stale
    from fact f where f.is_eligible order by f.title, f.asset_id`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

export interface RungRow extends SpineRow {
  publishedAt: Date;
  hasUseWhen: boolean;
  hasTalkTrack: boolean;
  /** Shared or downloaded in either window. */
  isUsedLately: boolean;
  /** The place in the list, to the last digit. */
  sortKey: string;
}

interface RungPage {
  height: number;
  order: 'oldest' | 'newest' | 'title';
  after: { sortKey: string; assetId: string } | undefined;
  limit: number;
}

const orders = {
  oldest: { key: sql`f.published_at`, cast: sql`timestamptz`, turn: sql`asc`, beyond: sql`>` },
  newest: { key: sql`f.published_at`, cast: sql`timestamptz`, turn: sql`desc`, beyond: sql`<` },
  title: { key: sql`lower(f.title)`, cast: sql`text`, turn: sql`asc`, beyond: sql`>` },
};

/** Which eligible assets stand on a rung? */
export async function listRungRows(
  db: Database,
  scope: ReachScope,
  { height: wanted, order, after, limit }: RungPage,
): Promise<{ rows: RungRow[]; totalCount: number }> {
  const { key, cast, turn, beyond } = orders[order];
  const query = sql<RungRow & { totalCount: number }>`
    with ${facts(scope)},
    stood as (
      select f.*, ${height(sql`f.reached`)} as height, count(*) over ()::int as total_count
      from fact f where f.is_eligible and ${height(sql`f.reached`)} = ${wanted}
    )
    select f.asset_id, f.title, f.height, f.total_count, f.published_at, ${ownerName} as owner_name, f.is_stale,
      btrim(a.use_when) <> '' as has_use_when, btrim(a.talk_track) <> '' as has_talk_track,
      ${isUsed(sql`(f.reached | f.reached_before)`)} as is_used_lately,
      (${key})::text as sort_key
    from stood f join asset a on a.id = f.asset_id
    where ${after ? sql`(${key}, f.asset_id) ${beyond} (${after.sortKey}::${cast}, ${after.assetId})` : sql`true`}
    order by ${key} ${turn}, f.asset_id ${turn} limit ${limit}`;
  const { rows } = await planned(db, (trx) => query.execute(trx));
  return { rows, totalCount: rows[0]?.totalCount ?? 0 };
}

export interface AssetUse {
  assetId: string;
  shareCount: number;
  humanOpenCount: number;
  lastUsedOn: string | null;
}

/** How often were these assets shared and opened by people in the window, and when did sales use them last? */
export async function listAssetUse(
  db: Database,
  scope: ReachScope & { window: { start: Date } },
  assetIds: string[],
): Promise<AssetUse[]> {
  if (assetIds.length === 0) return [];
  const { window } = scope;
  const months = monthsOf(window);
  const everybody = isEverybody(scope);
  const query = sql<AssetUse>`
    select wanted.id as asset_id,
      (
        select count(*)::int from shared_asset l
        join "user" u on u.id = l.created_by_user_id and u.role in ('rep', 'manager')
        ${everybody ? sql`` : joinsBuyers(scope.buyerSliceIds)}
        where l.asset_id = wanted.id and l.shared_at >= ${window.start} and l.shared_at <= ${window.end}
      ) as share_count,
      (
        select count(*)::int from reading r
        where r.asset_id = wanted.id and r.is_human and r.day between ${window.firstDay}::date and ${window.lastDay}::date
          ${everybody ? sql`` : sql`and r.buyer_slice_id = any(${scope.buyerSliceIds}::int[])`}
      ) as human_open_count,
      (
        select max(m.month + (32 - position('1' in ((m.shared_days | m.downloaded_days) & w.mask)::bit(32)::text)))
        from asset_month m
        join unnest(${months.map((each) => each.month)}::date[], ${months.map((each) => each.mask)}::int[]) as w (month, mask)
          on w.month = m.month
        where m.asset_id = wanted.id and m.buyer_slice_id = any(${scope.buyerSliceIds}::int[])
          and (m.shared_days | m.downloaded_days) & w.mask <> 0
      )::text as last_used_on
    from unnest(${assetIds}::text[]) as wanted (id)`;
  return planned(db, async (trx) => (await query.execute(trx)).rows);
}

const joinsBuyers = (buyerSliceIds: number[]) => sql`
  join recipient rc on rc.id = l.recipient_id
  join account acc on acc.id = rc.account_id
  join buyer_slice b on b.id = any(${buyerSliceIds}::int[])
    and b.industry is not distinct from acc.industry and b.region is not distinct from acc.region
    and b.segment is not distinct from acc.segment`;
