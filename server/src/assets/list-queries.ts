import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { AssetCard, AssetStatus } from './contract.ts';
import { isStale, selectCards } from './queries.ts';

export interface AssetFilter {
  /** Every word has to occur in the title, the description, the use-when line, the file name or the address. */
  query: string;
  statuses: AssetStatus[];
  audience: string | undefined;
  /** Terms of one dimension widen (or), dimensions narrow (and). */
  termIds: string[];
  /** A user's id, or `none`. */
  owner: string | undefined;
  onlyStale: boolean;
}

export type AssetSort = 'updated' | 'title' | 'published' | 'review';

interface Order {
  key: RawBuilder<unknown>;
  type: RawBuilder<unknown>;
  direction: 'asc' | 'desc';
  value: z.ZodType<string>;
}

const instantText = z
  .string()
  .regex(/^(-?infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?([+-]\d\d(:\d\d)?)?)$/);
const dayText = z.string().regex(/^(-?infinity|\d{4,6}-\d\d-\d\d)$/);

const orders: Record<AssetSort, Order> = {
  updated: { key: sql`asset.updated_at`, type: sql`timestamptz`, direction: 'desc', value: instantText },
  title: { key: sql`lower(asset.title)`, type: sql`text`, direction: 'asc', value: z.string() },
  published: {
    key: sql`coalesce(asset.published_at, '-infinity')`,
    type: sql`timestamptz`,
    direction: 'desc',
    value: instantText,
  },
  review: {
    key: sql`coalesce(asset.review_on, 'infinity')`,
    type: sql`date`,
    direction: 'asc',
    value: dayText,
  },
};

export interface AssetPage {
  items: AssetCard[];
  nextCursor: string | null;
  total: number;
}

export async function listAssetPage(
  db: Database,
  filter: AssetFilter,
  { sort, cursor, limit, now }: { sort: AssetSort; cursor: string | undefined; limit: number; now: Date },
): Promise<AssetPage> {
  const order = orders[sort];
  const place = z.tuple([z.literal(sort), order.value, z.string()]);
  const after = cursor === undefined ? undefined : readCursor(place, cursor);
  const matches = matching(filter, now);
  let page = selectCards(db, now).select(sql<string>`(${order.key})::text`.as('sortKey')).where(matches);
  if (after) {
    const [, value, assetId] = after;
    const beyond = order.direction === 'desc' ? sql`<` : sql`>`;
    page = page.where(
      sql<boolean>`(${order.key}, asset.id) ${beyond} (${value}::${order.type}, ${assetId}::text)`,
    );
  }
  const [rows, count] = await Promise.all([
    page
      .orderBy(order.key, order.direction)
      .orderBy('asset.id', order.direction)
      .limit(limit + 1)
      .$castTo<AssetCard & { sortKey: string }>()
      .execute(),
    selectCards(db, now)
      .clearSelect()
      .select(sql<number>`count(*)::int`.as('total'))
      .where(matches)
      .executeTakeFirstOrThrow(),
  ]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor([sort, last.sortKey, last.id]) : null;
  return { items, nextCursor, total: count.total };
}

function matching(filter: AssetFilter, now: Date): RawBuilder<boolean> {
  const conditions = [sql<boolean>`asset.status = any(${filter.statuses}::text[])`];
  if (filter.audience) conditions.push(sql<boolean>`asset.audience = ${filter.audience}`);
  if (filter.owner === 'none') conditions.push(sql<boolean>`asset.owner_user_id is null`);
  else if (filter.owner) conditions.push(sql<boolean>`asset.owner_user_id = ${filter.owner}`);
  if (filter.onlyStale) conditions.push(isStale(now));
  if (filter.termIds.length > 0) conditions.push(hasTerms(filter.termIds));
  for (const word of filter.query.split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(
      sql<boolean>`concat_ws(' ', asset.title, asset.description, asset.use_when, version.file_name, version.url) ilike ${pattern}`,
    );
  }
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

/** Of every dimension that a chosen term belongs to, the asset carries at least one chosen term. */
function hasTerms(termIds: string[]): RawBuilder<boolean> {
  return sql<boolean>`(
    select count(distinct term.dimension_key) from asset_term join term on term.id = asset_term.term_id
    where asset_term.asset_id = asset.id and term.id = any(${termIds}::text[])
  ) = (
    select nullif(count(distinct term.dimension_key), 0) from term where term.id = any(${termIds}::text[])
  )`;
}
