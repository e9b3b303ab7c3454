import { type Insertable, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import type { ObjectionNote } from './contract.ts';

export interface NoteRow extends Omit<ObjectionNote, 'isOwn'> {
  notedByUserId: string;
  /** The moment to the last digit, as a cursor needs it. */
  notedAtText: string;
}

const tagOf = (termId: string) => sql`(
  select jsonb_build_object('id', t.id, 'dimensionKey', t.dimension_key, 'name', t.name)
  from term t where t.id = ${sql.ref(termId)})`;

const selectNotes = sql`
  select n.id, n.text, n.noted_at, n.noted_at::text as noted_at_text, n.noted_by_user_id, u.name as noted_by_name,
    ${tagOf('n.objection_term_id')} as objection,
    ${tagOf('n.persona_term_id')} as persona,
    ${tagOf('n.stage_term_id')} as stage,
    case when d.id is not null
      then jsonb_build_object('id', d.id, 'name', coalesce(nullif(d.name, ''), acc.name), 'accountName', acc.name)
    end as deal,
    case when a.id is not null then jsonb_build_object('id', a.id, 'title', a.title) end as asset
  from objection_note n
  join "user" u on u.id = n.noted_by_user_id
  left join deal d on d.id = n.deal_id and d.removed_at is null
  left join account acc on acc.id = d.account_id
  left join asset a on a.id = n.asset_id and a.status <> 'draft'`;

export async function findNoteRow(db: Database, noteId: string): Promise<NoteRow | undefined> {
  const { rows } = await sql<NoteRow>`${selectNotes} where n.id = ${noteId}`.execute(db);
  return rows[0];
}

interface NoteFilter {
  objection: string | null;
  persona: string | null;
  stage: string | null;
  deal: string | null;
  asset: string | null;
  isUnsorted: boolean;
  notedByUserId: string | null;
  after: readonly [moment: string, id: string] | null;
  limit: number;
}

/** Which objections were noted? The newest come first. */
export async function listNoteRows(db: Database, filter: NoteFilter): Promise<NoteRow[]> {
  const isOf = (column: string, value: string | null) =>
    value === null ? sql`` : sql`and ${sql.ref(column)} = ${value}`;
  const after = filter.after
    ? sql`and (n.noted_at < ${filter.after[0]}::timestamptz
        or n.noted_at = ${filter.after[0]}::timestamptz and n.id > ${filter.after[1]})`
    : sql``;
  const { rows } = await sql<NoteRow>`${selectNotes}
    where true
      ${isOf('n.objection_term_id', filter.objection)} ${isOf('n.persona_term_id', filter.persona)}
      ${isOf('n.stage_term_id', filter.stage)} ${isOf('n.deal_id', filter.deal)}
      ${isOf('n.asset_id', filter.asset)} ${isOf('n.noted_by_user_id', filter.notedByUserId)}
      ${filter.isUnsorted ? sql`and n.objection_term_id is null` : sql``} ${after}
    order by n.noted_at desc, n.id limit ${filter.limit}`.execute(db);
  return rows;
}

export async function insertNote(db: Database, row: Insertable<DB['objectionNote']>): Promise<void> {
  await db.insertInto('objectionNote').values(row).execute();
}

export async function lockNote(db: Database, noteId: string) {
  return db
    .selectFrom('objectionNote')
    .select(['id', 'notedByUserId', 'dealId'])
    .where('id', '=', noteId)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateNote(
  db: Database,
  noteId: string,
  changes: Updateable<DB['objectionNote']>,
): Promise<void> {
  await db.updateTable('objectionNote').set(changes).where('id', '=', noteId).execute();
}

export async function deleteNote(db: Database, noteId: string): Promise<void> {
  await db.deleteFrom('objectionNote').where('id', '=', noteId).execute();
}

/** The deal that is still in the CRM, with the term that its stage is called by: its name, else a synonym of it. */
export async function findDealWithStage(db: Database, dealId: string) {
  const { rows } = await sql<{ id: string; stageTermId: string | null }>`
    select d.id, (
      select t.id from term t
      where t.dimension_key = 'stage' and t.retired_at is null
        and (lower(t.name) = lower(d.stage) or exists (select from unnest(t.synonyms) word where lower(word) = lower(d.stage)))
      order by lower(t.name) = lower(d.stage) desc, t.position, t.id limit 1
    ) as stage_term_id
    from deal d where d.id = ${dealId} and d.removed_at is null`.execute(db);
  return rows[0];
}

/** What a share link was about: its asset, and its deal: the one chosen for it, else the only open one of its account. */
export async function findSubjectOfLink(db: Database, shareLinkId: string) {
  const { rows } = await sql<{ assetId: string | null; dealId: string | null }>`
    select l.asset_id, coalesce((select id from deal where id = l.deal_id and removed_at is null), (
      select min(d.id) from deal d
      where d.account_id = s.account_id and d.outcome = 'open' and d.removed_at is null having count(*) = 1
    )) as deal_id
    from share_link l join sent_link s on s.share_link_id = l.id where l.id = ${shareLinkId}`.execute(db);
  return rows[0];
}

/** Of these, the terms that are there, with their dimensions. */
export async function listTermsById(db: Database, termIds: string[]): Promise<TermTag[]> {
  const { rows } = await sql<TermTag>`
    select id, dimension_key, name from term where id = any(${termIds}::text[])`.execute(db);
  return rows;
}

export async function isAssetThere(db: Database, assetId: string): Promise<boolean> {
  const { rows } = await sql`select from asset where id = ${assetId} and status <> 'draft'`.execute(db);
  return rows.length > 0;
}

interface DealSearch {
  query: string;
  email: string;
  /** This one is there in any case. */
  dealId: string | null;
  limit: number;
}

/** Which deals may somebody mean by these words? Open ones, those of theirs first, then the largest. */
export async function listDealsLike(db: Database, { query, email, dealId, limit }: DealSearch) {
  const { rows } = await sql<{ id: string; name: string; accountName: string; stage: string }>`
    select d.id, coalesce(nullif(d.name, ''), a.name) as name, a.name as account_name, d.stage
    from deal d join account a on a.id = d.account_id
    where d.removed_at is null and (
      d.id = ${dealId}::text or d.outcome = 'open'
        and (${query} = '' or strpos(lower(a.name), lower(${query})) > 0 or strpos(lower(d.name), lower(${query})) > 0)
    )
    order by d.id = ${dealId}::text desc nulls last, lower(d.owner_email) = lower(${email}) desc nulls last, d.amount desc, d.id
    limit ${limit}`.execute(db);
  return rows;
}
