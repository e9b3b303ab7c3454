import { type Insertable, type RawBuilder, sql, type Updateable } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

/** The share links and everything that was forwarded from them, however often. */
export const familyOf = (shareLinkIds: string[]) => sql`
  with recursive family as (
    select id from share_link where id = any(${shareLinkIds})
    union
    select child.id from share_link child join family on family.id = child.parent_share_link_id
  )`;

async function listIds(db: Database, query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await (query as RawBuilder<{ id: string }>).execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Answers those that were revoked by this. The first moment of revocation stays when two people revoke at once. What is
 * being forwarded at this moment is seen only once that is done, so it looks again until nothing is left.
 */
export async function markRevoked(db: Database, shareLinkIds: string[], now: Date): Promise<string[]> {
  const revoked: string[] = [];
  for (let found = shareLinkIds; found.length > 0; revoked.push(...found))
    found = await listIds(
      db,
      sql`${familyOf(shareLinkIds)}
        update share_link set revoked_at = ${now}
        where id in (select id from family) and revoked_at is null and undone_at is null
        returning id`,
    );
  return revoked;
}

/** Of what was forwarded only that opens again which was revoked in the same moment. */
export function clearRevoked(db: Database, shareLinkIds: string[]): Promise<string[]> {
  return listIds(
    db,
    sql`
      with recursive family as (
        select id, revoked_at from share_link where id = any(${shareLinkIds}) and revoked_at is not null
        union
        select child.id, child.revoked_at from share_link child
        join family on family.id = child.parent_share_link_id and family.revoked_at = child.revoked_at
      )
      update share_link set revoked_at = null where id in (select id from family)
      returning id`,
  );
}

/** Answers those of them, not of what was forwarded, that were young enough. */
export async function markUndone(
  db: Database,
  shareLinkIds: string[],
  by: { now: Date; madeAfter: Date },
): Promise<string[]> {
  const undone = await listIds(
    db,
    sql`
      update share_link set undone_at = ${by.now}
      where id = any(${shareLinkIds}) and created_at > ${by.madeAfter} and undone_at is null
      returning id`,
  );
  await sql`${familyOf(undone)}
    update share_link set undone_at = ${by.now}
    where id in (select id from family) and undone_at is null`.execute(db);
  return undone;
}

export type PolicyChange = Pick<
  Updateable<DB['shareLink']>,
  | 'gate'
  | 'allowedDomains'
  | 'allowedEmails'
  | 'hasWatermark'
  | 'allowsDownload'
  | 'passcodeHash'
  | 'startsAt'
  | 'expiresAt'
  | 'maxVisitors'
  | 'pinnedVersionId'
>;

/**
 * Looks again for what was being forwarded under the policy before, until there is no more of it. Answers all that
 * have it now.
 */
export async function updatePolicy(
  db: Database,
  shareLinkId: string,
  change: PolicyChange,
): Promise<string[]> {
  let changedCount = 0;
  for (;;) {
    const ids = await listIds(db, sql`${familyOf([shareLinkId])} select id from family`);
    if (ids.length === changedCount) return ids;
    await db.updateTable('shareLink').set(change).where('id', 'in', ids).execute();
    changedCount = ids.length;
  }
}

/** Keeps two changes of one policy from each being right only without the other. */
export async function lockShareLink(db: Database, shareLinkId: string): Promise<void> {
  await sql`select from share_link where id = ${shareLinkId} for update`.execute(db);
}

interface Moved {
  id: string;
  fromUserId: string;
}

/** Hands share links to another user, with what was forwarded from them; answers those that changed hands. */
export async function updateOwner(db: Database, shareLinkIds: string[], toUserId: string): Promise<Moved[]> {
  const { rows } = await sql<Moved>`${familyOf(shareLinkIds)}
    update share_link set created_by_user_id = ${toUserId}, transferred_from_user_id = created_by_user_id
    where id in (select id from family) and created_by_user_id <> ${toUserId} and undone_at is null
    returning id, transferred_from_user_id as from_user_id`.execute(db);
  return rows;
}

export async function updateOwnerOfAll(db: Database, fromUserId: string, toUserId: string): Promise<Moved[]> {
  const { rows } = await sql<Moved>`
    update share_link set created_by_user_id = ${toUserId}, transferred_from_user_id = created_by_user_id
    where created_by_user_id = ${fromUserId} and created_by_user_id <> ${toUserId} and undone_at is null
    returning id, transferred_from_user_id as from_user_id`.execute(db);
  return rows;
}

/** Writes down what was changed, for the story of each share link. */
export async function insertChanges(
  db: Database,
  changes: Insertable<DB['shareLinkChange']>[],
): Promise<void> {
  if (changes.length === 0) return;
  await db
    .insertInto('shareLinkChange')
    .values(changes)
    // Two changes in one millisecond are one.
    .onConflict((conflict) =>
      conflict.columns(['shareLinkId', 'changedAt', 'kind']).doUpdateSet(({ ref }) => ({
        policy: sql`${ref('shareLinkChange.policy')} || ${ref('excluded.policy')}`,
      })),
    )
    .execute();
}

interface UserState {
  name: string;
  deactivatedAt: Date | null;
}

/** A user as they stay until the transaction ends. */
export async function lockUser(db: Database, userId: string): Promise<UserState | undefined> {
  const { rows } = await sql<UserState>`
    select name, deactivated_at from "user" where id = ${userId} for share`.execute(db);
  return rows[0];
}

/** Answers those that were not asked for before. */
export function markMailAsked(db: Database, shareLinkIds: string[], now: Date): Promise<string[]> {
  return listIds(
    db,
    sql`
      update share_link set mail_asked_at = ${now}
      where id = any(${shareLinkIds}) and mail_asked_at is null
      returning id`,
  );
}

export async function markMailed(db: Database, shareLinkId: string, now: Date): Promise<void> {
  await sql`update share_link set mailed_at = ${now} where id = ${shareLinkId}`.execute(db);
}

interface MailedLink {
  title: string;
  tokenSealed: string;
  message: string;
  recipientName: string;
  recipientEmail: string | null;
  senderName: string;
  senderEmail: string;
  hasPasscode: boolean;
  gate: string;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  undoneAt: Date | null;
  mailAskedAt: Date | null;
  mailedAt: Date | null;
  pageCount: number | null;
  mediaType: string | null;
  itemCount: number;
  /** The version whose picture goes along: what is shown, or the first item of a room. */
  versionId: string | null;
}

export async function findMailedLink(db: Database, shareLinkId: string): Promise<MailedLink | undefined> {
  const { rows } = await sql<MailedLink>`
    select coalesce(a.title, room.name) as title, l.token_sealed, l.message, r.name as recipient_name,
      r.email as recipient_email, u.name as sender_name, u.email as sender_email,
      l.passcode_hash is not null as has_passcode, l.gate, l.starts_at, l.expires_at, l.revoked_at, l.undone_at,
      l.mail_asked_at, l.mailed_at, v.page_count, v.media_type, v.id as version_id,
      (select count(*) from room_item where room_id = l.room_id and removed_at is null)::int as item_count
    from share_link l
    join recipient r on r.id = l.recipient_id
    join "user" u on u.id = l.created_by_user_id
    left join room on room.id = l.room_id
    left join lateral (
      select asset_id from room_item where room_id = l.room_id and removed_at is null order by position limit 1
    ) first on true
    left join asset a on a.id = l.asset_id
    left join asset shown on shown.id = coalesce(l.asset_id, first.asset_id)
    left join asset_version v on v.id = coalesce(l.pinned_version_id, shown.current_version_id)
    where l.id = ${shareLinkId}`.execute(db);
  return rows[0];
}
