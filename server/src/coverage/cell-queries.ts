import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RequestStatus } from '../requests/contract.ts';
import { type CoverageQuestion, coverageFacts, standing } from './fact-queries.ts';

/** A list shows so many; the count says how many there are. */
const mostShown = 20;

interface CellAsset {
  id: string;
  title: string;
  isShared: boolean;
  isRead: boolean;
  isLifting: boolean;
}

/** Which assets stand in the cell, the furthest first? The question names this one cell. */
export async function listAssetsOfCell(db: Database, question: CoverageQuestion): Promise<CellAsset[]> {
  const { rows } = await sql<CellAsset>`
    ${coverageFacts(question)}
    select a.id, a.title, coalesce(g.is_shared, false) as is_shared, coalesce(g.is_read, false) as is_read,
      l.asset_id is not null as is_lifting
    from ${standing('asset_tag', question)} s
    join asset a on a.id = s.id
    left join got g on g.asset_id = s.id left join lifting l on l.asset_id = s.id
    order by 5 desc, 4 desc, 3 desc, a.title, a.id limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}

interface NearAsset {
  id: string;
  title: string;
  missingTermIds: string[];
}

/** Which eligible assets lack one of the cell's three terms, or one of two? Those that were used come first. */
export async function listNearAssets(
  db: Database,
  question: CoverageQuestion,
  termIds: string[],
): Promise<NearAsset[]> {
  const { rows } = await sql<NearAsset>`
    ${coverageFacts(question)}
    select a.id, a.title, array(
        select wanted from unnest(${termIds}::text[]) as wanted where wanted <> all(near.term_ids)
      ) as missing_term_ids
    from (
      select t.id, array_agg(t.term_id) as term_ids from asset_tag t
      where t.term_id = any(${termIds}::text[])
      group by t.id having count(*) = ${termIds.length - 1}::int
    ) near
    join asset a on a.id = near.id
    left join got g on g.asset_id = near.id
    order by g.is_read desc nulls last, g.is_shared desc nulls last, a.title, a.id
    limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}

interface CellDeal {
  id: string;
  name: string;
  accountName: string;
  stage: string;
  amount: number;
  currency: string;
}

/** In which open deals did the cell's terms come up? The largest come first. */
export async function listDealsOfCell(db: Database, question: CoverageQuestion): Promise<CellDeal[]> {
  const { rows } = await sql<CellDeal>`
    ${coverageFacts(question)}
    select d.id, coalesce(nullif(d.name, ''), a.name) as name, a.name as account_name, d.stage, d.amount::float8 as amount,
      d.currency
    from ${standing('deal_tag', question)} s
    join open_deal o on o.id = s.id join deal d on d.id = s.id join account a on a.id = d.account_id
    order by o.base_amount desc nulls last, d.amount desc, d.id limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}

interface CellNote {
  id: string;
  text: string;
  notedByName: string;
  notedAt: Date;
  accountName: string | null;
}

/** What did buyers say in the cell, the latest first? */
export async function listNotesOfCell(db: Database, question: CoverageQuestion): Promise<CellNote[]> {
  const { rows } = await sql<CellNote>`
    ${coverageFacts(question)}
    select n.id, n.text, u.name as noted_by_name, n.noted_at, a.name as account_name
    from ${standing('note_tag', question)} s
    join objection_note n on n.id = s.id join "user" u on u.id = n.noted_by_user_id
    left join deal d on d.id = n.deal_id left join account a on a.id = d.account_id
    order by n.noted_at desc, n.id limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}

interface Searcher {
  userId: string;
  name: string;
  searchCount: number;
}

/** Who asked for the cell's terms, and how many searches was that? */
export async function listSearchersOfCell(db: Database, question: CoverageQuestion): Promise<Searcher[]> {
  const { rows } = await sql<Searcher>`
    ${coverageFacts(question)}
    select u.id as user_id, u.name, count(*)::int as search_count
    from ${standing('search_tag', question)} s join asked a on a.id = s.id join "user" u on u.id = a.user_id
    group by u.id, u.name order by 3 desc, 2, 1 limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}

interface CellRequest {
  id: string;
  title: string;
  status: RequestStatus;
}

/** Which requests that wait for an answer are for all of these terms? */
export async function listRequestsOfTerms(db: Database, termIds: string[]): Promise<CellRequest[]> {
  const { rows } = await sql<CellRequest>`
    select r.id, r.title, r.status from request r
    where r.status in ('open', 'planned') and not exists (
      select from unnest(${termIds}::text[]) as wanted
      where not exists (select from request_term t where t.request_id = r.id and t.term_id = wanted)
    )
    order by r.created_at desc, r.id limit ${sql.lit(mostShown)}`.execute(db);
  return rows;
}
