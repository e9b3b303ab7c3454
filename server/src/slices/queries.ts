import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** Assets that have a term of every list, in any state: what they were in a window is the report's to say. */
const tagged = (termIds: string[][]) => sql`
  select a.id from asset a
  where ${sql.join(
    termIds.map(
      (ids) =>
        sql`exists (select from asset_term t where t.asset_id = a.id and t.term_id = any(${ids}::text[]))`,
    ),
    sql` and `,
  )}`;

export async function listTaggedAssetIds(db: Database, termIds: string[][]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`${tagged(termIds)} order by a.id`.execute(db);
  return rows.map((row) => row.id);
}

/** How many published assets are meant; null: all of them. */
export async function countPublishedAssets(db: Database, termIds: string[][] | null): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from asset
    where status = 'published' ${termIds === null ? sql`` : sql`and id in (${tagged(termIds)})`}`.execute(db);
  return rows[0]?.count ?? 0;
}

interface BuyerValues {
  industry: string[];
  region: string[];
  segment: string[];
}

const fits = ({ industry, region, segment }: BuyerValues) =>
  sql.join(
    [
      sql`true`,
      ...(industry.length > 0 ? [sql`industry = any(${industry}::text[])`] : []),
      ...(region.length > 0 ? [sql`region = any(${region}::text[])`] : []),
      ...(segment.length > 0 ? [sql`segment = any(${segment}::text[])`] : []),
    ],
    sql` and `,
  );

export async function listBuyerSliceIds(db: Database, values: BuyerValues): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from buyer_slice where ${fits(values)} order by id`.execute(db);
  return rows.map((row) => row.id);
}

export async function countSlicedAccounts(db: Database, values: BuyerValues): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from account where ${fits(values)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Which industries, regions and segments do accounts have? The most common hundred of each. */
export async function listAccountValues(
  db: Database,
): Promise<{ kind: string; value: string; accountCount: number }[]> {
  const { rows } = await sql<{ kind: string; value: string; accountCount: number }>`
    select kind, value, account_count from (
      select v.kind, v.value, count(*)::int as account_count,
        row_number() over (partition by v.kind order by count(*) desc, v.value) as place
      from account a
      cross join lateral (
        values ('industry', a.industry), ('region', a.region), ('segment', a.segment)
      ) as v (kind, value)
      where v.value <> ''
      group by v.kind, v.value
    ) as counted
    where place <= 100 order by kind, place`.execute(db);
  return rows;
}

/** Which is the first day of which a month holds anything? */
export async function findFirstCountedDay(db: Database): Promise<string | null> {
  const { rows } = await sql<{ month: string | null }>`
    select min(month)::text as month from asset_month`.execute(db);
  return rows[0]?.month ?? null;
}

export interface SavedViewRow {
  id: string;
  userId: string;
  userName: string;
  name: string;
  isForTeam: boolean;
  path: string;
  query: string;
}

function selectSavedViews(db: Database) {
  return db
    .selectFrom('savedView as v')
    .innerJoin('user as u', 'u.id', 'v.userId')
    .select(['v.id', 'v.userId', 'u.name as userName', 'v.name', 'v.isForTeam', 'v.path', 'v.query']);
}

/** Those of a user and those for the team. */
export function listSavedViewRows(db: Database, userId: string): Promise<SavedViewRow[]> {
  return selectSavedViews(db)
    .where('v.deletedAt', 'is', null)
    .where((eb) => eb.or([eb('v.userId', '=', userId), eb('v.isForTeam', '=', true)]))
    .orderBy((eb) => eb.fn('lower', ['v.name']))
    .orderBy('v.id')
    .limit(200)
    .execute();
}

export function findSavedViewRow(db: Database, savedViewId: string): Promise<SavedViewRow | undefined> {
  return selectSavedViews(db).where('v.id', '=', savedViewId).executeTakeFirst();
}

export async function insertSavedView(db: Database, row: Insertable<DB['savedView']>): Promise<void> {
  await db.insertInto('savedView').values(row).execute();
}

export async function updateSavedView(
  db: Database,
  savedViewId: string,
  changes: Updateable<DB['savedView']>,
): Promise<void> {
  await db.updateTable('savedView').set(changes).where('id', '=', savedViewId).execute();
}

/** Views that were deleted long ago. */
export async function deleteSavedViewsBefore(db: Database, moment: Date): Promise<void> {
  await db.deleteFrom('savedView').where('deletedAt', '<', moment).execute();
}

/** Which change was the last by which an asset was published, archived or taken back? */
export async function findLastStatusChange(db: Database): Promise<string | null> {
  const row = await db
    .selectFrom('assetStatusChange')
    .select((eb) => eb.cast<string>(eb.fn.max('id'), 'text').as('id'))
    .executeTakeFirst();
  return row?.id ?? null;
}
