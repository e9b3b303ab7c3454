import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';

export interface ShareLinkRow {
  id: string;
  assetId: string;
  assetTitle: string;
  recipientId: string;
  recipientName: string;
  recipientEmail: string | null;
  accountName: string | null;
  createdByUserId: string;
  createdByName: string;
  message: string;
  passcodeHash: string | null;
  tokenSealed: string;
  allowsDownload: boolean;
  expiresAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
  /** The moment to the last digit, as a cursor needs it. */
  createdAtText: string;
}

const selectShareLinks = sql`
  select l.id, l.asset_id, a.title as asset_title, r.id as recipient_id, r.name as recipient_name,
    r.email as recipient_email, acc.name as account_name, l.created_by_user_id, u.name as created_by_name,
    l.message, l.passcode_hash, l.token_sealed, l.allows_download, l.expires_at, l.revoked_at, l.created_at,
    l.created_at::text as created_at_text
  from share_link l
  join asset a on a.id = l.asset_id
  join recipient r on r.id = l.recipient_id
  left join account acc on acc.id = r.account_id
  join "user" u on u.id = l.created_by_user_id`;

export async function findShareLink(db: Database, shareLinkId: string): Promise<ShareLinkRow | undefined> {
  const { rows } = await sql<ShareLinkRow>`${selectShareLinks} where l.id = ${shareLinkId}`.execute(db);
  return rows[0];
}

export interface ShareLinkKey {
  createdAtText: string;
  id: string;
}

/** The share links that a user made, newest first, after the one that the key names. */
export async function listShareLinkRows(
  db: Database,
  by: { userId: string; assetId: string | null; after: ShareLinkKey | null; limit: number },
): Promise<ShareLinkRow[]> {
  const after = by.after
    ? sql`and (l.created_at < ${by.after.createdAtText}::timestamptz
        or (l.created_at = ${by.after.createdAtText}::timestamptz and l.id > ${by.after.id}))`
    : sql``;
  const { rows } = await sql<ShareLinkRow>`${selectShareLinks}
    where l.created_by_user_id = ${by.userId}
      and (${by.assetId}::text is null or l.asset_id = ${by.assetId}) ${after}
    order by l.created_at desc, l.id limit ${by.limit}`.execute(db);
  return rows;
}

export async function insertShareLink(db: Database, row: Insertable<DB['shareLink']>): Promise<void> {
  await db.insertInto('shareLink').values(row).execute();
}

/** The first moment of revocation stays when two people revoke at once. */
export async function markShareLinkRevoked(db: Database, shareLinkId: string, now: Date): Promise<void> {
  await sql`
    update share_link set revoked_at = ${now} where id = ${shareLinkId} and revoked_at is null`.execute(db);
}

export async function clearShareLinkRevoked(db: Database, shareLinkId: string): Promise<void> {
  await sql`update share_link set revoked_at = null where id = ${shareLinkId}`.execute(db);
}

interface SharedAsset {
  status: string;
  audience: string;
}

/** The asset as it stays until the transaction ends. */
export async function lockSharedAsset(db: Database, assetId: string): Promise<SharedAsset | undefined> {
  const { rows } = await sql<SharedAsset>`
    select status, audience from asset where id = ${assetId} for share`.execute(db);
  return rows[0];
}

interface ContactMatch {
  id: string;
  accountId: string | null;
}

export async function findContactByEmail(db: Database, email: string): Promise<ContactMatch | undefined> {
  const { rows } = await sql<ContactMatch>`
    select id, account_id from contact where lower(email) = lower(${email})`.execute(db);
  return rows[0];
}

interface NewRecipient {
  id: string;
  name: string;
  email: string | null;
  contactId: string | null;
  accountId: string | null;
  createdAt: Date;
}

/** The recipient with this address, else with this name at this account; what is known of them is kept. */
export async function upsertRecipient(db: Database, row: NewRecipient): Promise<string> {
  const target =
    row.email === null ? sql`(lower(name), account_id) where email is null` : sql`(lower(email))`;
  const { rows } = await sql<{ id: string }>`
    insert into recipient (id, name, email, contact_id, account_id, created_at)
    values (${row.id}, ${row.name}, ${row.email}, ${row.contactId}, ${row.accountId}, ${row.createdAt})
    on conflict ${target} do update set
      name = excluded.name,
      contact_id = coalesce(excluded.contact_id, recipient.contact_id),
      account_id = coalesce(excluded.account_id, recipient.account_id)
    returning id`.execute(db);
  return rows[0]?.id ?? row.id;
}

export interface OpenedRow {
  shareLinkId: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  passcodeHash: string | null;
  allowsDownload: boolean;
  message: string;
  assetId: string;
  assetTitle: string;
  senderUserId: string;
  senderName: string;
  recipientId: string;
  recipientName: string;
  versionId: string;
  versionNumber: number;
  blobHash: string | null;
  url: string | null;
  fileName: string | null;
  mediaType: string;
  sizeBytes: number | null;
  pageCount: number;
  /** What the virus scanner found in the file, and when it looked. */
  threat: string | null;
  scannedAt: Date | null;
}

export async function findOpenedShareLink(db: Database, tokenHash: string): Promise<OpenedRow | undefined> {
  const { rows } = await sql<OpenedRow>`
    select l.id as share_link_id, l.created_at, l.expires_at, l.revoked_at, l.passcode_hash, l.allows_download,
      l.message, a.id as asset_id, a.title as asset_title, u.id as sender_user_id, u.name as sender_name,
      r.id as recipient_id, r.name as recipient_name, v.id as version_id, v.number as version_number,
      v.blob_hash, v.url, v.file_name, v.media_type, v.size_bytes, v.page_count, b.threat, b.scanned_at
    from share_link l
    join asset a on a.id = l.asset_id
    join asset_version v on v.id = a.current_version_id
    left join blob b on b.hash = v.blob_hash
    join recipient r on r.id = l.recipient_id
    join "user" u on u.id = l.created_by_user_id
    where l.token_hash = ${tokenHash}`.execute(db);
  return rows[0];
}

export async function findPasscodeHash(
  db: Database,
  shareLinkId: string,
): Promise<string | null | undefined> {
  const { rows } = await sql<{ passcodeHash: string | null }>`
    select passcode_hash from share_link where id = ${shareLinkId}`.execute(db);
  return rows[0]?.passcodeHash;
}
