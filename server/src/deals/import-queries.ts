import { sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { DealImport, DealImportSettings } from './contract.ts';

export interface NewDealImport {
  id: string;
  fileName: string;
  createdByUserId: string;
  createdAt: Date;
}

export async function insertDealImport(db: Database, row: NewDealImport): Promise<void> {
  await sql`
    insert into deal_import (id, file_name, encoding, separator, header, samples, settings, state, created_by_user_id, created_at, changed_at)
    values (${row.id}, ${row.fileName}, '', '', '{}', '[]', '{}', 'uploaded', ${row.createdByUserId}, ${row.createdAt},
      ${row.createdAt})`.execute(db);
}

export async function insertChunk(db: Database, dealImportId: string, position: number, content: Buffer) {
  await db.insertInto('dealImportChunk').values({ dealImportId, position, content }).execute();
}

interface Described {
  encoding: string;
  separator: string;
  header: string[];
  samples: string[][];
  settings: DealImportSettings;
  rowCount: number;
}

export async function describeDealImport(db: Database, id: string, found: Described): Promise<void> {
  await sql`
    update deal_import set encoding = ${found.encoding}, separator = ${found.separator},
      header = ${found.header}::text[], samples = ${JSON.stringify(found.samples)}::text::jsonb,
      settings = ${JSON.stringify(found.settings)}::text::jsonb, row_count = ${found.rowCount}
    where id = ${id}`.execute(db);
}

/** How the last file with these columns was read. */
export async function findSettingsOfHeader(
  db: Database,
  header: string[],
): Promise<DealImportSettings | undefined> {
  const { rows } = await sql<{ settings: DealImportSettings }>`
    select settings from deal_import where header = ${header}::text[] and state <> 'uploaded'
    order by created_at desc limit 1`.execute(db);
  return rows[0]?.settings;
}

function selectDealImports(db: Database) {
  return db
    .selectFrom('dealImport')
    .leftJoin('user', 'user.id', 'dealImport.createdByUserId')
    .selectAll('dealImport')
    .select('user.name as createdByName')
    .select(
      sql<boolean>`exists (select from deal_import_chunk where deal_import_id = deal_import.id)`.as(
        'isFileKept',
      ),
    );
}

export function findDealImport(db: Database, id: string) {
  return selectDealImports(db).where('dealImport.id', '=', id).executeTakeFirst();
}

export type DealImportRow = NonNullable<Awaited<ReturnType<typeof findDealImport>>>;

export function listDealImportRows(db: Database) {
  return (
    selectDealImports(db)
      // One without columns is still on its way here, or its upload was cut off.
      .where(sql<boolean>`deal_import.header <> '{}'`)
      .orderBy('dealImport.createdAt', 'desc')
      .limit(20)
      .execute()
  );
}

/** The state to go on from, held until the transaction ends. */
export function lockDealImport(trx: Database, id: string) {
  return trx.selectFrom('dealImport').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateDealImport(
  db: Database,
  id: string,
  changes: Omit<Updateable<DB['dealImport']>, 'settings' | 'counts' | 'notes'> & {
    settings?: DealImportSettings;
    counts?: DealImport['counts'];
    notes?: object;
  },
): Promise<void> {
  await db
    .updateTable('dealImport')
    .set(changes as Updateable<DB['dealImport']>)
    .where('id', '=', id)
    .execute();
}

/** The file, a piece at a time. */
export async function* readChunks(db: Database, dealImportId: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const chunk = await db
      .selectFrom('dealImportChunk')
      .select('content')
      .where('dealImportId', '=', dealImportId)
      .where('position', '=', position)
      .executeTakeFirst();
    if (!chunk) return;
    yield chunk.content;
  }
}

/** Forgets what an earlier check found. */
export async function forgetFindings(trx: Database, dealImportId: string): Promise<void> {
  await trx.deleteFrom('dealImportError').where('dealImportId', '=', dealImportId).execute();
  await trx.deleteFrom('dealImportRow').where('dealImportId', '=', dealImportId).execute();
}

/** What only the work itself needs. */
export async function forgetFile(trx: Database, dealImportId: string): Promise<void> {
  await sql`update deal_import set samples = '[]' where id = ${dealImportId}`.execute(trx);
  await trx.deleteFrom('dealImportRow').where('dealImportId', '=', dealImportId).execute();
  await trx.deleteFrom('dealImportChunk').where('dealImportId', '=', dealImportId).execute();
}

export async function deleteDealImport(db: Database, id: string): Promise<void> {
  await db.deleteFrom('dealImport').where('id', '=', id).execute();
}

/**
 * Files that nobody went on with since then: what was never imported goes whole; of what failed the record stays, and of
 * what stands still for so long it is said.
 */
export async function sweepDealImports(db: Database, before: Date): Promise<void> {
  await sql`
    delete from deal_import where state in ('uploaded', 'checked') and changed_at < ${before}`.execute(db);
  await sql`
    update deal_import set state = 'failed', failure = ${'It stood still for a day. Upload the file again; what was imported stays.'}
    where state in ('checking', 'importing') and changed_at < ${before}`.execute(db);
  for (const table of ['deal_import_chunk', 'deal_import_row'])
    await sql`
      delete from ${sql.table(table)} kept using deal_import i
      where i.id = kept.deal_import_id and i.state = 'failed' and i.changed_at < ${before}`.execute(db);
}

/** Notes where these external ids stand and answers where each stood first. */
export async function noteLines(
  trx: Database,
  dealImportId: string,
  rows: { externalId: string; line: number }[],
): Promise<Map<string, number>> {
  const ids = rows.map((row) => row.externalId);
  await sql`
    insert into deal_import_row (deal_import_id, external_id, line)
    select ${dealImportId}, external_id, min(line)
    from unnest(${ids}::text[], ${rows.map((row) => row.line)}::int[]) as given (external_id, line)
    group by external_id on conflict do nothing`.execute(trx);
  const found = await sql<{ externalId: string; line: number }>`
    select external_id, line from deal_import_row
    where deal_import_id = ${dealImportId} and external_id = any (${ids}::text[])`.execute(trx);
  return new Map(found.rows.map((row) => [row.externalId, row.line]));
}

export async function insertErrors(
  trx: Database,
  dealImportId: string,
  errors: { line: number; externalId: string; detail: string }[],
): Promise<void> {
  if (errors.length === 0) return;
  await sql`
    insert into deal_import_error (deal_import_id, line, external_id, detail)
    select ${dealImportId}, line, left(external_id, 300), detail
    from unnest(${errors.map((row) => row.line)}::int[], ${errors.map((row) => row.externalId)}::text[],
      ${errors.map((row) => row.detail)}::text[]) as given (line, external_id, detail)
    on conflict do nothing`.execute(trx);
}

export function listErrors(db: Database, dealImportId: string, limit: number) {
  return db
    .selectFrom('dealImportError')
    .select(['line', 'externalId', 'detail'])
    .where('dealImportId', '=', dealImportId)
    .orderBy('line')
    .limit(limit)
    .execute();
}

const isLacking = (dealImportId: string) => sql`
  removed_at is null and not is_sample and not exists (
    select from deal_import_row r where r.deal_import_id = ${dealImportId} and r.external_id = deal.external_id)`;

/** How many deals the file says nothing of. */
export async function countLacking(db: Database, dealImportId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from deal where ${isLacking(dealImportId)}`.execute(db);
  return rows[0]?.count ?? 0;
}

export async function removeLacking(trx: Database, dealImportId: string, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update deal set removed_at = ${now}, updated_at = ${now} where ${isLacking(dealImportId)}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

export interface Known {
  /** Stage → its place in the order of stages. */
  stages: Map<string, number>;
  /** Addresses in lower case of users who can sign in. */
  owners: Set<string>;
  ratedCurrencies: Set<string>;
}

/** What the notes of an import compare with. */
export async function readKnown(db: Database): Promise<Known> {
  const stages = await sql<{ name: string; place: number }>`
    select name, (row_number() over (order by position, name))::int as place from term
    where dimension_key = 'stage'`.execute(db);
  const owners = await sql<{ email: string }>`
    select lower(email) as email from "user" where deactivated_at is null`.execute(db);
  const rates = await sql<{ currency: string }>`select currency from currency_rate`.execute(db);
  return {
    stages: new Map(stages.rows.map((row) => [row.name.toLowerCase(), row.place])),
    owners: new Set(owners.rows.map((row) => row.email)),
    ratedCurrencies: new Set(rates.rows.map((row) => row.currency)),
  };
}
