import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { AssetDay } from './reading-queries.ts';

/**
 * Counts anew for these days of these assets whether a deal of a reader's account entered another stage after it was read,
 * and when one first did.
 */
export async function countMoves(db: Database, targets: AssetDay[] | 'all'): Promise<void> {
  if (targets.length === 0) return;
  const isAll = targets === 'all';
  const target = isAll
    ? sql``
    : sql`
    target as materialized (
      select distinct asset_id, day
      from unnest(${targets.map(({ assetId }) => assetId)}::text[], ${targets.map(({ day }) => day)}::date[])
        as given (asset_id, day)
    ),`;
  const isTarget = isAll
    ? sql`true`
    : sql`exists (
      select from target where target.asset_id = asset_move.asset_id and target.day = asset_move.read_on
    )`;
  await sql`
    with ${target}
    fresh as materialized (
      select reading.asset_id, slice.id as buyer_slice_id, reading.day as read_on, min(entered.at) as moved_at
      from reading
      ${isAll ? sql`` : sql`join target on target.asset_id = reading.asset_id and target.day = reading.day`}
      cross join lateral (
        select min(s.entered_at) as at
        from deal d join deal_stage s on s.deal_id = d.id
        where d.account_id = reading.account_id and d.removed_at is null and s.entered_at > reading.started_at
      ) entered
      cross join lateral unnest(
        case reading.buyer_slice_id when 0 then array[0] else array[0, reading.buyer_slice_id] end
      ) as slice (id)
      where reading.is_human and cardinality(reading.read_pages) > 0 and reading.account_id is not null
        and entered.at is not null
      group by reading.asset_id, slice.id, reading.day
    ),
    gone as (
      delete from asset_move where ${isTarget} and not exists (
        select from fresh
        where fresh.asset_id = asset_move.asset_id and fresh.buyer_slice_id = asset_move.buyer_slice_id
          and fresh.read_on = asset_move.read_on
      )
    )
    insert into asset_move (asset_id, buyer_slice_id, read_on, moved_at)
    select asset_id, buyer_slice_id, read_on, moved_at from fresh
    on conflict (asset_id, buyer_slice_id, read_on) do update set moved_at = excluded.moved_at
    where asset_move.moved_at <> excluded.moved_at`.execute(db);
}

/** The days on which people of these accounts read something, and what. */
export async function listReadDaysOfAccounts(db: Database, accountIds: string[]): Promise<AssetDay[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<AssetDay>`
    select distinct asset_id, day::text as day from reading
    where account_id = any(${accountIds}::text[]) and is_human and cardinality(read_pages) > 0`.execute(db);
  return rows;
}
