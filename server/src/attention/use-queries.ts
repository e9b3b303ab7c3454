import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { AssetUse, UseAccount } from './contract.ts';
import { type AttentionScope, isOfScope } from './queries.ts';

type Counted<Row> = Row & { totalCount: number };
type Item<Key extends 'rooms' | 'senders' | 'accounts' | 'holders'> = Counted<AssetUse[Key]['items'][number]>;

const isRead = sql`r.is_human and cardinality(r.read_pages) > 0`;

/** The share links of the window to the asset, by itself or with a room that has it, and whether a person read it there. */
const sent = ({ assetId, window, buyerSliceIds }: AttentionScope) => sql`
  sent as materialized (
    select l.id, l.room_id, l.created_by_user_id, exists (
      select from reading r where r.share_link_id = l.id and r.asset_id = ${assetId} and ${isRead}
    ) as is_read
    from (
      select id, room_id, recipient_id, created_by_user_id, created_at from share_link
      where asset_id = ${assetId} and undone_at is null
      union all
      select s.id, s.room_id, s.recipient_id, s.created_by_user_id, greatest(s.created_at, i.added_at)
      from room_item i join share_link s on s.room_id = i.room_id
      where i.asset_id = ${assetId} and i.removed_at is null and s.undone_at is null
    ) l
    ${
      buyerSliceIds[0] === 0
        ? sql``
        : sql`join recipient on recipient.id = l.recipient_id
          left join contact on contact.id = recipient.contact_id
          join account_slice account on account.account_id = coalesce(recipient.account_id, contact.account_id)
            and account.buyer_slice_id = any(${buyerSliceIds}::int[])`
    }
    where l.created_at >= ${window.start} and l.created_at <= ${window.end}
  )`;

/** In which collections does it stand? */
export async function listCollections(
  db: Database,
  assetId: string,
): Promise<{ collectionId: string; name: string }[]> {
  return db
    .selectFrom('collectionItem')
    .innerJoin('collection', 'collection.id', 'collectionItem.collectionId')
    .select(['collection.id as collectionId', 'collection.name'])
    .where('collectionItem.assetId', '=', assetId)
    .where('collection.deletedAt', 'is', null)
    .orderBy('collection.name')
    .execute();
}

/** In which rooms does it stand, and how often were they sent in the window? */
export async function listRooms(db: Database, scope: AttentionScope, most: number): Promise<Item<'rooms'>[]> {
  const { rows } = await sql<Item<'rooms'>>`
    with ${sent(scope)}
    select room.id as room_id, room.name, count(sent.id)::int as share_count, count(*) over ()::int as total_count
    from room_item i join room on room.id = i.room_id left join sent on sent.room_id = room.id
    where i.asset_id = ${scope.assetId} and i.removed_at is null
    group by room.id
    order by count(sent.id) desc, lower(room.name), room.id
    limit ${most}`.execute(db);
  return rows;
}

/** Who sent it in the window, how often, and how much of that was read? By name. */
export async function listSenders(
  db: Database,
  scope: AttentionScope,
): Promise<{ userId: string; name: string; directCount: number; shareCount: number; readCount: number }[]> {
  const { rows } = await sql<{
    userId: string;
    name: string;
    directCount: number;
    shareCount: number;
    readCount: number;
  }>`
    with ${sent(scope)}
    select u.id as user_id, u.name, (count(*) filter (where sent.room_id is null))::int as direct_count,
      count(*)::int as share_count, (count(*) filter (where sent.is_read))::int as read_count
    from sent join "user" u on u.id = sent.created_by_user_id
    group by u.id
    order by lower(u.name), u.id`.execute(db);
  return rows;
}

/** Which accounts read it in the window, and how do the deals stand for which they did? Who read last comes first. */
export async function listAccounts(
  db: Database,
  scope: AttentionScope,
  most: number,
): Promise<Counted<UseAccount>[]> {
  const { rows } = await sql<Counted<UseAccount>>`
    with reader as materialized (
      select r.account_id, count(distinct r.reader_key)::int as reader_count, count(*)::int as read_count,
        sum(r.active_ms)::float8 as active_ms, max(r.started_at) as last_read_at
      from reading r where ${isOfScope(scope)} and ${isRead} and r.account_id is not null
      group by r.account_id
    ), shown as (
      select a.id as account_id, a.name, reader_count, read_count, active_ms, last_read_at,
        count(*) over ()::int as total_count
      from reader join account a on a.id = reader.account_id
      order by last_read_at desc, a.id limit ${most}
    )
    select shown.*, coalesce(deal.open_count, 0) as open_count, coalesce(deal.won_count, 0) as won_count,
      coalesce(deal.lost_count, 0) as lost_count
    from shown left join lateral (
      select (count(*) filter (where d.outcome = 'open'))::int as open_count,
        (count(*) filter (where d.outcome = 'won'))::int as won_count,
        (count(*) filter (where d.outcome = 'lost'))::int as lost_count
      from (
        select distinct f.deal_id
        from (
          select distinct r.share_link_id from reading r
          where ${isOfScope(scope)} and ${isRead} and r.account_id = shown.account_id
        ) own
        join share_link_deal f on f.share_link_id = own.share_link_id and f.account_id = shown.account_id
      ) its join deal_value d on d.deal_id = its.deal_id
    ) deal on true
    order by shown.last_read_at desc, shown.account_id`.execute(db);
  return rows;
}

/** How do the deals stand for which it was read in the window? */
export async function countOutcomes(db: Database, scope: AttentionScope): Promise<AssetUse['outcomes']> {
  const { rows } = await sql<AssetUse['outcomes'][number]>`
    with its as materialized (
      select distinct f.deal_id
      from (
        select distinct r.share_link_id from reading r where ${isOfScope(scope)} and ${isRead}
      ) link
      join share_link_deal f on f.share_link_id = link.share_link_id
    )
    select d.outcome, count(*)::int as deal_count, coalesce(sum(d.base_amount), 0)::float8 as amount,
      (count(*) filter (where d.base_amount is null))::int as unconverted_count
    from its join deal_value d on d.deal_id = its.deal_id
    group by d.outcome`.execute(db);
  return rows;
}

/** Who has an older version than the current one: by a share link that keeps it, or because they read it last? */
export async function listHolders(
  db: Database,
  assetId: string,
  { now, readSince, most }: { now: Date; readSince: Date; most: number },
): Promise<Item<'holders'>[]> {
  const { rows } = await sql<Item<'holders'>>`
    with latest as (
      select v.number from asset a join asset_version v on v.id = a.current_version_id where a.id = ${assetId}
    ), last_read as materialized (
      select distinct on (r.share_link_id) r.share_link_id, v.number, r.started_at
      from reading r join asset_version v on v.id = r.asset_version_id
      where r.asset_id = ${assetId} and ${isRead} and r.started_at > ${readSince}
      order by r.share_link_id, r.started_at desc
    ), held as (
      select l.id as share_link_id, v.number, true as is_pinned, x.started_at
      from asset_version v join latest on v.number < latest.number
      join share_link l on l.pinned_version_id = v.id
      left join last_read x on x.share_link_id = l.id
      where v.asset_id = ${assetId}
      union all
      select x.share_link_id, x.number, false, x.started_at
      from last_read x join latest on x.number < latest.number
      join share_link l on l.id = x.share_link_id and l.pinned_version_id is null
    )
    select l.id as share_link_id, r.name as recipient_name, acc.name as account_name, u.name as sender_name,
      held.number as held_number, held.is_pinned, held.started_at as last_read_at, count(*) over ()::int as total_count
    from held join share_link l on l.id = held.share_link_id
    join recipient r on r.id = l.recipient_id
    left join contact c on c.id = r.contact_id
    left join account acc on acc.id = coalesce(r.account_id, c.account_id)
    join "user" u on u.id = l.created_by_user_id
    where l.revoked_at is null and l.undone_at is null and (l.expires_at is null or l.expires_at > ${now})
    order by held.started_at desc nulls last, l.id
    limit ${most}`.execute(db);
  return rows;
}

/** Into which currency are amounts converted? */
export async function findBaseCurrency(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('currencyRate')
    .select('currency')
    .where('isBase', '=', true)
    .executeTakeFirst();
  return row?.currency ?? null;
}
