import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { VisitorKey } from './visitor-key.ts';

/**
 * The visitor of this key, made when there is none. Whoever holds the row begins its visits: a second tab waits here
 * until the first one has begun.
 */
export async function ensureVisitor(
  db: Database,
  id: string,
  { kind, hash, email, name }: VisitorKey,
  now: Date,
): Promise<string> {
  // A cookie that comes back belongs to whom it was given under the weakest key.
  const returning =
    kind === 'cookie'
      ? await db
          .updateTable('visitor')
          .set({ keyKind: 'cookie', ...(name !== null && { name }) })
          .where('keyHash', '=', hash)
          .where('keyKind', 'in', ['visit', 'cookie'])
          .returning('id')
          .executeTakeFirst()
      : undefined;
  if (returning) return returning.id;
  // An address that was only typed is anybody's, so whoever types it on another share link renames nobody.
  const names = kind === 'email' ? sql`visitor.name, excluded.name` : sql`excluded.name, visitor.name`;
  const visitor = await db
    .insertInto('visitor')
    .values({ id, keyKind: kind, keyHash: hash, email, name, createdAt: now })
    .onConflict((conflict) =>
      conflict.columns(['keyKind', 'keyHash']).doUpdateSet({ name: sql`coalesce(${names})` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return visitor.id;
}

/** What somebody was before they said who they are: this visit, and of a browser all its visits to this share link. */
export async function moveVisits(
  db: Database,
  visit: { id: string; shareLinkId: string; visitorId: string; keyKind: string },
  visitorId: string,
): Promise<string[]> {
  const rows = await db
    .updateTable('visit')
    .set({ visitorId })
    .where((eb) =>
      visit.keyKind === 'cookie'
        ? eb.and([
            eb('visitorId', '=', visit.visitorId),
            eb('shareLinkId', '=', visit.shareLinkId),
            eb('isInternal', '=', false),
          ])
        : eb('id', '=', visit.id),
    )
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** The salt of this day, the same in every process. */
export async function ensureSalt(db: Database, day: string, salt: string): Promise<string> {
  const { rows } = await sql<{ salt: string }>`
    with made as (
      insert into visitor_salt (day, salt) values (${day}::date, ${salt}) on conflict (day) do nothing returning salt
    )
    select salt from made union all select salt from visitor_salt where day = ${day}::date limit 1`.execute(
    db,
  );
  return rows[0]?.salt ?? ensureSalt(db, day, salt);
}

export async function findSalt(db: Database, day: string): Promise<string | null> {
  const { rows } = await sql<{ salt: string }>`
    select salt from visitor_salt where day = ${day}::date`.execute(db);
  return rows[0]?.salt ?? null;
}

/** Without its salt a daily key means nothing any more. */
export async function deleteSaltsBefore(db: Database, day: string): Promise<number> {
  const { rows } = await sql`delete from visitor_salt where day < ${day}::date returning day`.execute(db);
  return rows.length;
}

/** Waits for whoever else begins a visit of this share link, so that both count each other. */
export async function lockShareLink(db: Database, shareLinkId: string): Promise<void> {
  await sql`select from share_link where id = ${shareLinkId} for no key update`.execute(db);
}

/** The other people, or what may be people, who have opened it; and whether this one has. */
export async function countVisitors(
  db: Database,
  shareLinkId: string,
  visitorId: string,
): Promise<{ otherCount: number; isKnown: boolean }> {
  const { rows } = await sql<{ otherCount: number; isKnown: boolean }>`
    select
      count(distinct v.visitor_id) filter (
        where v.visitor_id <> ${visitorId} and not v.is_internal and j.may_be_human
      )::int as other_count,
      coalesce(bool_or(v.visitor_id = ${visitorId}), false) as is_known
    from visit v join current_judgement j on j.visit_id = v.id
    where v.share_link_id = ${shareLinkId}`.execute(db);
  return rows[0] ?? { otherCount: 0, isKnown: false };
}

/** How many people, or what may be people, have opened it; and whether one of these keys is of a visitor of it. */
export async function countAdmitted(
  db: Database,
  shareLinkId: string,
  keyHashes: string[],
): Promise<{ count: number; isKnown: boolean }> {
  const { rows } = await sql<{ count: number; isKnown: boolean }>`
    select
      count(distinct v.visitor_id) filter (
        where not v.is_internal and j.may_be_human
      )::int as count,
      coalesce(bool_or(visitor.key_hash = any(${keyHashes})), false) as is_known
    from visit v
    join visitor on visitor.id = v.visitor_id
    join current_judgement j on j.visit_id = v.id
    where v.share_link_id = ${shareLinkId}`.execute(db);
  return rows[0] ?? { count: 0, isKnown: false };
}
