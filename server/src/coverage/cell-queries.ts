import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { planned } from '../db/planned.ts';
import type { RequestStatus } from '../requests/contract.ts';
import { dealsAndTerms, eligibleAssets, type FactQuestion, isOfBuyers } from './fact-queries.ts';

/** A list shows so many; the count says how many there are. */
const mostShown = sql.lit(20);

interface CellAsset {
  id: string;
  title: string;
  isShared: boolean;
  isRead: boolean;
  isLifting: boolean;
}

/** Which eligible assets have all of these terms, the furthest first? */
export async function listAssetsOfCell(db: Database, question: FactQuestion): Promise<CellAsset[]> {
  const found = await planned(db, (trx) =>
    sql<CellAsset>`
    with ${eligibleAssets(question)}, tagged as (
      select asset_id from asset_term where term_id = any(${question.termIds}::text[])
      group by asset_id having count(*) = ${question.termIds.length}::int
    )
    select e.id, e.title, coalesce(g.is_shared, false) as is_shared, coalesce(g.is_read, false) as is_read,
      l.asset_id is not null as is_lifting
    from tagged t join eligible e on e.id = t.asset_id
    left join got g on g.asset_id = e.id left join lifting l on l.asset_id = e.id
    order by 5 desc, 4 desc, 3 desc, e.title, e.id limit ${mostShown}`.execute(trx),
  );
  return found.rows;
}

interface NearAsset {
  id: string;
  title: string;
  missingTermId: string;
}

/** Which eligible assets lack one of these terms and no other? Those that were read or shared come first. */
export async function listNearAssets(db: Database, question: FactQuestion): Promise<NearAsset[]> {
  const found = await planned(db, (trx) =>
    sql<NearAsset>`
    with ${eligibleAssets(question)}, tagged as (
      select asset_id, array_agg(term_id) as term_ids from asset_term where term_id = any(${question.termIds}::text[])
      group by asset_id having count(*) = ${question.termIds.length - 1}::int
    )
    select e.id, e.title, (
        select wanted from unnest(${question.termIds}::text[]) as wanted where wanted <> all(t.term_ids)
      ) as missing_term_id
    from tagged t join eligible e on e.id = t.asset_id left join got g on g.asset_id = e.id
    order by coalesce(g.is_read, false) desc, coalesce(g.is_shared, false) desc, e.title, e.id
    limit ${mostShown}`.execute(trx),
  );
  return found.rows;
}

interface CellDeal {
  id: string;
  name: string;
  accountName: string;
  stage: string;
  amount: number;
  currency: string;
}

/** In which open deals did all of these terms come up, at one of these stages? The largest come first. */
export async function listDealsOfCell(
  db: Database,
  question: FactQuestion,
  { cameUpIds, stages }: { cameUpIds: string[]; stages: string[] | null },
): Promise<CellDeal[]> {
  const isAtStage = stages === null ? sql`true` : sql`lower(d.stage) = any(${stages}::text[])`;
  const found = await planned(db, (trx) =>
    sql<CellDeal>`
    with ${dealsAndTerms(question)}, known as (
      select deal_id from came_up where term_id = any(${cameUpIds}::text[])
      group by deal_id having count(distinct term_id) = ${cameUpIds.length}::int
    )
    select d.id, coalesce(nullif(d.name, ''), a.name) as name, a.name as account_name, d.stage,
      d.amount::float8 as amount, d.currency
    from known k join deal d on d.id = k.deal_id join account a on a.id = d.account_id
    left join currency_rate rate on rate.currency = d.currency
    where ${isAtStage}
    order by d.amount * rate.rate desc nulls last, d.amount desc, d.id limit ${mostShown}`.execute(trx),
  );
  return found.rows;
}

interface CellNote {
  id: string;
  text: string;
  notedByName: string;
  notedAt: Date;
  accountName: string | null;
}

/** What did buyers say that was tied to all of these terms, the latest first? */
export async function listNotesOfCell(db: Database, question: FactQuestion): Promise<CellNote[]> {
  const { start, end, termIds, buyerSliceIds } = question;
  const isTied = sql.join(
    termIds.map((id) => sql`${id} in (n.persona_term_id, n.stage_term_id, n.objection_term_id)`),
    sql` and `,
  ) as RawBuilder<boolean>;
  const { rows } = await sql<CellNote>`
    select n.id, n.text, u.name as noted_by_name, n.noted_at, a.name as account_name
    from objection_note n join "user" u on u.id = n.noted_by_user_id
    left join deal d on d.id = n.deal_id left join account a on a.id = d.account_id
    where n.noted_at between ${start} and ${end} and ${isTied} and ${isOfBuyers(sql`d.account_id`, buyerSliceIds)}
    order by n.noted_at desc, n.id limit ${mostShown}`.execute(db);
  return rows;
}

/** What the users with these ids are called. */
export function listNamesOfUsers(db: Database, userIds: string[]) {
  if (userIds.length === 0) return Promise.resolve([]);
  return db.selectFrom('user').select(['id', 'name']).where('id', 'in', userIds).execute();
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
    order by r.created_at desc, r.id limit ${mostShown}`.execute(db);
  return rows;
}
