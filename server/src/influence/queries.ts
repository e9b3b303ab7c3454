import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { AmountBand } from './contract.ts';
import type { InfluenceRow } from './count-queries.ts';

/** Which buyers are meant; an empty list: all of them. */
export interface Buyers {
  industry: string[];
  region: string[];
  segment: string[];
}

/** Of cells and of accounts that are called `c`. */
export const isOfBuyers = ({ industry, region, segment }: Buyers): RawBuilder<unknown> => sql`
  (${industry.length === 0} or c.industry = any(${industry}::text[]))
  and (${region.length === 0} or c.region = any(${region}::text[]))
  and (${segment.length === 0} or c.segment = any(${segment}::text[]))`;

export interface CountedCell {
  stage: string;
  amountBand: AmountBand;
  segment: string;
  dealCount: number;
  progressedCount: number;
}

/** How many deals of each stratum were there, and how many progressed? */
export async function listCells(db: Database, buyers: Buyers): Promise<CountedCell[]> {
  const { rows } = await sql<CountedCell>`
    select c.stage, c.amount_band, c.segment, sum(c.deal_count)::int as deal_count,
      sum(c.progressed_count)::int as progressed_count
    from influence_cell c where ${isOfBuyers(buyers)} group by c.stage, c.amount_band, c.segment`.execute(db);
  return rows;
}

export interface CountedAssetCell extends CountedCell {
  assetId: string;
}

/** Of these strata, how many deals read each asset, and how many of them progressed? Rows of one asset follow each other. */
export async function listAssetCells(
  db: Database,
  buyers: Buyers,
  assetIds: string[] | null,
): Promise<CountedAssetCell[]> {
  const { rows } = await sql<CountedAssetCell>`
    select c.asset_id, c.stage, c.amount_band, c.segment, sum(c.exposed_count)::int as deal_count,
      sum(c.exposed_progressed_count)::int as progressed_count
    from asset_influence_cell c join asset a on a.id = c.asset_id and a.status = 'published'
    where ${isOfBuyers(buyers)} and ${assetIds === null ? sql`true` : sql`c.asset_id = any(${assetIds}::text[])`}
    group by c.asset_id, c.stage, c.amount_band, c.segment
    order by c.asset_id`.execute(db);
  return rows;
}

export interface InfluenceState {
  countedAt: Date;
  enteredCount: number;
  tooYoungCount: number;
  leftEarlyCount: number;
  lowAmount: number | null;
  middleAmount: number | null;
}

export async function findInfluenceState(db: Database): Promise<InfluenceState | undefined> {
  const { rows } = await sql<InfluenceState>`
    select counted_at, entered_count, too_young_count, left_early_count, low_amount::float8 as low_amount,
      middle_amount::float8 as middle_amount
    from influence_state`.execute(db);
  return rows[0];
}

/** What was counted of every buyer, of published assets. */
export async function listInfluenceRows(db: Database, assetIds: string[] | null): Promise<InfluenceRow[]> {
  const { rows } = await sql<InfluenceRow>`
    select i.* from asset_influence i join asset a on a.id = i.asset_id and a.status = 'published'
    where ${assetIds === null ? sql`true` : sql`i.asset_id = any(${assetIds}::text[])`}`.execute(db);
  return rows;
}

export async function listTitles(db: Database, assetIds: string[]): Promise<Map<string, string>> {
  if (assetIds.length === 0) return new Map();
  const rows = await db.selectFrom('asset').select(['id', 'title']).where('id', 'in', assetIds).execute();
  return new Map(rows.map(({ id, title }) => [id, title]));
}

export interface TieCount {
  searchCount: number;
  firstOpenedCount: number;
  secondOpenedCount: number;
  onlyFirstCount: number;
  onlySecondCount: number;
}

/** Of searches with a tie, in how many was the asset opened, shared or downloaded that chance put first, and the other one? */
export async function countTies(db: Database, since: Date): Promise<TieCount> {
  const acted = (assetId: RawBuilder<unknown>) => sql`exists (
    select from search_action x
    where x.search_id = t.search_id and x.asset_id = ${assetId} and x.kind in ('opened', 'shared', 'downloaded')
  )`;
  const { rows } = await sql<TieCount>`
    with tie as (
      select ${acted(sql`t.first_asset_id`)} as is_first, ${acted(sql`t.second_asset_id`)} as is_second
      from search_tie t join search s on s.id = t.search_id
      where s.searched_at > ${since}
    )
    select count(*)::int as search_count,
      (count(*) filter (where is_first))::int as first_opened_count,
      (count(*) filter (where is_second))::int as second_opened_count,
      (count(*) filter (where is_first and not is_second))::int as only_first_count,
      (count(*) filter (where is_second and not is_first))::int as only_second_count
    from tie`.execute(db);
  if (!rows[0]) throw new Error('An aggregate has one row.');
  return rows[0];
}
