import { type Insertable, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { Gate, RecipientKind } from './contract.ts';

export interface ShareLinkRow {
  id: string;
  assetId: string | null;
  roomId: string | null;
  title: string;
  assetStatus: 'draft' | 'published' | 'archived' | null;
  recipientId: string;
  recipientKind: RecipientKind;
  recipientName: string;
  recipientEmail: string | null;
  accountId: string | null;
  accountName: string | null;
  createdByUserId: string;
  createdByName: string;
  transferredFromName: string | null;
  message: string;
  gate: Gate;
  allowedDomains: string[];
  allowedEmails: string[];
  hasWatermark: boolean;
  passcodeHash: string | null;
  tokenSealed: string;
  allowsDownload: boolean;
  pinnedNumber: number | null;
  currentNumber: number | null;
  maxVisitors: number | null;
  dealId: string | null;
  dealName: string | null;
  dealAmount: number | null;
  dealCurrency: string | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  mailAskedAt: Date | null;
  mailedAt: Date | null;
  parentShareLinkId: string | null;
  childCount: number;
  createdAt: Date;
  /** The moment to the last digit, as a cursor needs it. */
  createdAtText: string;
}

/** What was undone is in no list. */
const selectShareLinks = sql`
  select l.id, l.asset_id, l.room_id, coalesce(a.title, room.name) as title, a.status as asset_status,
    r.id as recipient_id, r.kind as recipient_kind, r.name as recipient_name, r.email as recipient_email,
    acc.id as account_id, acc.name as account_name, l.created_by_user_id, u.name as created_by_name,
    former.name as transferred_from_name,
    l.message, l.gate, l.allowed_domains, l.allowed_emails, l.has_watermark, l.passcode_hash, l.token_sealed,
    l.allows_download, pinned.number as pinned_number, latest.number as current_number, l.max_visitors, l.starts_at,
    l.expires_at, l.revoked_at, l.mail_asked_at, l.mailed_at, l.parent_share_link_id, l.created_at,
    l.created_at::text as created_at_text, l.deal_id, deal.name as deal_name, deal.amount::float8 as deal_amount,
    deal.currency as deal_currency,
    (select count(*) from share_link child
      where child.parent_share_link_id = l.id and child.undone_at is null)::int as child_count
  from share_link l
  left join asset a on a.id = l.asset_id
  left join asset_version latest on latest.id = a.current_version_id
  left join asset_version pinned on pinned.id = l.pinned_version_id
  left join room on room.id = l.room_id
  join recipient r on r.id = l.recipient_id
  left join account acc on acc.id = r.account_id
  join "user" u on u.id = l.created_by_user_id
  left join deal on deal.id = l.deal_id
  left join "user" former on former.id = l.transferred_from_user_id`;

/** Those of the ids that there are, in no order. */
export async function listShareLinkRowsById(db: Database, shareLinkIds: string[]): Promise<ShareLinkRow[]> {
  const { rows } = await sql<ShareLinkRow>`${selectShareLinks}
    where l.id = any(${shareLinkIds}) and l.undone_at is null`.execute(db);
  return rows;
}

export interface ShareLinkKey {
  createdAtText: string;
  id: string;
}

/** The share links that a user made, newest first, after the one that the key names. */
export async function listShareLinkRows(
  db: Database,
  by: {
    userId: string;
    assetId: string | null;
    roomId: string | null;
    after: ShareLinkKey | null;
    limit: number;
  },
): Promise<ShareLinkRow[]> {
  const after = by.after
    ? sql`and (l.created_at < ${by.after.createdAtText}::timestamptz
        or (l.created_at = ${by.after.createdAtText}::timestamptz and l.id > ${by.after.id}))`
    : sql``;
  const { rows } = await sql<ShareLinkRow>`${selectShareLinks}
    where l.created_by_user_id = ${by.userId} and l.undone_at is null
      and (${by.assetId}::text is null or l.asset_id = ${by.assetId})
      and (${by.roomId}::text is null or l.room_id = ${by.roomId}) ${after}
    order by l.created_at desc, l.id limit ${by.limit}`.execute(db);
  return rows;
}

/** The oldest of what was made from a share link for others. */
export async function listChildLinkRows(
  db: Database,
  parentId: string,
  limit: number,
): Promise<ShareLinkRow[]> {
  const { rows } = await sql<ShareLinkRow>`${selectShareLinks}
    where l.parent_share_link_id = ${parentId} and l.undone_at is null
    order by l.created_at, l.id limit ${limit}`.execute(db);
  return rows;
}

export async function insertShareLink(db: Database, row: Insertable<DB['shareLink']>): Promise<void> {
  await db.insertInto('shareLink').values(row).execute();
}

interface SharedAsset {
  status: string;
  audience: string;
  currentVersionId: string | null;
}

/** The asset as it stays until the transaction ends. */
export async function lockSharedAsset(db: Database, assetId: string): Promise<SharedAsset | undefined> {
  const { rows } = await sql<SharedAsset>`
    select status, audience, current_version_id from asset where id = ${assetId} for share`.execute(db);
  return rows[0];
}

interface SharedRoom {
  createdByUserId: string;
  /** Of what is in it and may not leave the company. */
  internalTitles: string[];
  itemCount: number;
}

/** The room as it stays until the transaction ends. */
export async function lockSharedRoom(db: Database, roomId: string): Promise<SharedRoom | undefined> {
  const { rows } = await sql<SharedRoom>`
    select room.created_by_user_id, coalesce(items.internal_titles, '{}') as internal_titles, items.item_count
    from room
    cross join lateral (
      select array_agg(a.title order by i.position) filter (where a.audience = 'internal') as internal_titles,
        count(*)::int as item_count
      from room_item i join asset a on a.id = i.asset_id
      where i.room_id = room.id and i.removed_at is null
    ) items
    where room.id = ${roomId} for share of room`.execute(db);
  return rows[0];
}

interface ContactMatch {
  id: string;
  name: string;
  accountId: string | null;
}

export async function findContactByEmail(db: Database, email: string): Promise<ContactMatch | undefined> {
  const { rows } = await sql<ContactMatch>`
    select id, name, account_id from contact where lower(email) = lower(${email})`.execute(db);
  return rows[0];
}

interface NewRecipient {
  id: string;
  kind: RecipientKind;
  name: string;
  email: string | null;
  contactId: string | null;
  /** The contact's, which is the surer one. */
  contactName: string | null;
  accountId: string | null;
  createdAt: Date;
}

/**
 * The recipient with this address, else of this kind with this name at this account. What is known stays: a name that
 * was typed in a hurry renames nobody.
 */
export async function upsertRecipient(
  db: Database,
  row: NewRecipient,
): Promise<{ id: string; name: string }> {
  const target =
    row.email === null ? sql`(kind, lower(name), account_id) where email is null` : sql`(lower(email))`;
  const { rows } = await sql<{ id: string; name: string }>`
    insert into recipient (id, kind, name, email, contact_id, account_id, created_at)
    values (${row.id}, ${row.kind}, ${row.contactName ?? row.name}, ${row.email}, ${row.contactId},
      ${row.accountId}, ${row.createdAt})
    on conflict ${target} do update set
      name = coalesce(${row.contactName}, recipient.name),
      contact_id = coalesce(excluded.contact_id, recipient.contact_id),
      account_id = coalesce(recipient.account_id, excluded.account_id)
    returning id, name`.execute(db);
  const [known] = rows;
  if (!known) throw new Error('An upsert answered no row.');
  return known;
}

interface ParentLink {
  id: string;
  assetId: string | null;
  roomId: string | null;
  createdByUserId: string;
  accountId: string | null;
  dealId: string | null;
  pinnedVersionId: string | null;
  gate: Gate;
  allowedDomains: string[];
  allowedEmails: string[];
  hasWatermark: boolean;
  allowsDownload: boolean;
  passcodeHash: string | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  undoneAt: Date | null;
  maxVisitors: number | null;
  isSample: boolean;
  childCount: number;
  /** How many there are in all of the share link that everything was forwarded from. */
  familyCount: number;
}

/** The share link as it stays until the transaction ends, with everything that one made from it takes over. */
export async function lockParentLink(db: Database, shareLinkId: string): Promise<ParentLink | undefined> {
  const { rows } = await sql<ParentLink>`
    with recursive above as (
      select id, parent_share_link_id from share_link where id = ${shareLinkId}
      union all
      select parent.id, parent.parent_share_link_id from share_link parent
      join above on parent.id = above.parent_share_link_id
    ), family as (
      select id from above where parent_share_link_id is null
      union all
      select child.id from share_link child join family on family.id = child.parent_share_link_id
    )
    select l.id, l.asset_id, l.room_id, l.created_by_user_id, r.account_id, l.deal_id, l.pinned_version_id, l.gate,
      l.allowed_domains, l.allowed_emails, l.has_watermark, l.allows_download, l.passcode_hash, l.starts_at,
      l.expires_at, l.revoked_at, l.undone_at, l.max_visitors, l.is_sample,
      (select count(*) from share_link child where child.parent_share_link_id = l.id)::int as child_count,
      (select count(*) from family)::int as family_count
    from share_link l join recipient r on r.id = l.recipient_id
    where l.id = ${shareLinkId} for update of l`.execute(db);
  return rows[0];
}

/** What is known of a share link whatever it leads to. */
interface OpenedLinkRow {
  shareLinkId: string;
  createdAt: Date;
  startsAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  undoneAt: Date | null;
  passcodeHash: string | null;
  gate: Gate;
  /** In lower case; both empty: everybody. */
  allowedDomains: string[];
  allowedEmails: string[];
  hasWatermark: boolean;
  allowsDownload: boolean;
  maxVisitors: number | null;
  parentShareLinkId: string | null;
  message: string;
  senderUserId: string;
  senderName: string;
  recipientId: string;
  recipientKind: RecipientKind;
  recipientName: string;
  recipientEmail: string | null;
  recipientAccountName: string | null;
}

export interface OpenedAssetRow extends OpenedLinkRow {
  roomId: null;
  assetId: string;
  assetTitle: string;
  /** The pinned version, else the current one. */
  versionId: string;
  versionNumber: number;
  isPinned: boolean;
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

/** Of a room everything else is the room's own. */
export interface OpenedRoomRow extends OpenedLinkRow {
  roomId: string;
  roomName: string;
  assetId: null;
}

export type OpenedRow = OpenedAssetRow | OpenedRoomRow;

export async function findOpenedShareLink(db: Database, tokenHash: string): Promise<OpenedRow | undefined> {
  const { rows } = await sql<OpenedRow>`
    select l.id as share_link_id, l.created_at, l.starts_at, l.expires_at, l.revoked_at, l.undone_at,
      l.passcode_hash, l.gate, l.allowed_domains, l.allowed_emails, l.has_watermark, l.allows_download,
      l.max_visitors, l.parent_share_link_id, l.message, u.id as sender_user_id, u.name as sender_name,
      r.id as recipient_id, r.kind as recipient_kind, r.name as recipient_name, r.email as recipient_email,
      acc.name as recipient_account_name, l.room_id, room.name as room_name, a.id as asset_id,
      a.title as asset_title, v.id as version_id, v.number as version_number,
      l.pinned_version_id is not null as is_pinned, v.blob_hash, v.url, v.file_name, v.media_type, v.size_bytes,
      v.page_count, b.threat, b.scanned_at
    from share_link l
    left join room on room.id = l.room_id
    left join asset a on a.id = l.asset_id
    left join asset_version v on v.id = coalesce(l.pinned_version_id, a.current_version_id)
    left join blob b on b.hash = v.blob_hash
    join recipient r on r.id = l.recipient_id
    left join account acc on acc.id = r.account_id
    join "user" u on u.id = l.created_by_user_id
    where l.token_hash = ${tokenHash} and (l.room_id is not null or v.id is not null)`.execute(db);
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
