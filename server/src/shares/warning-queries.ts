import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

interface SharedContent {
  assetId: string;
  title: string;
  status: 'draft' | 'published' | 'archived';
  audience: string;
  reviewOn: string | null;
  /** Since when the address of a web link has not opened, and why. */
  failedSince: Date | null;
  fault: string | null;
}

/** The assets that a share link to this asset or room would lead to. */
export async function listSharedContent(
  db: Database,
  { assetId, roomId }: { assetId: string | null; roomId: string | null },
): Promise<SharedContent[]> {
  const { rows } = await sql<SharedContent>`
    select a.id as asset_id, a.title, a.status, a.audience, a.review_on::text as review_on, page.failed_since,
      page.fault
    from asset a
    left join web_page page on page.asset_version_id = a.current_version_id and page.fault is not null
    where a.id = ${assetId}
      or a.id in (select asset_id from room_item where room_id = ${roomId} and removed_at is null)
    order by a.title, a.id`.execute(db);
  return rows;
}

export interface WarnedRecipient {
  kind: string;
  name: string;
  email: string | null;
  accountName: string | null;
}

export interface EarlierShare {
  shareLinkId: string;
  /** Which of the recipients it is about, from 0. */
  place: number;
  scope: 'person' | 'account';
  recipientName: string;
  accountId: string | null;
  accountName: string | null;
  createdByUserId: string;
  byName: string;
  sentAt: Date;
  pageCount: number;
  pinnedNumber: number | null;
  currentNumber: number;
}

/**
 * What was sent before of an asset, alone or in a room, to each of these recipients or to somebody at the same account,
 * the newest first. A person is known by the address, else by name and account.
 */
export async function listEarlierShares(
  db: Database,
  assetIds: string[],
  recipients: WarnedRecipient[],
  since: Date,
): Promise<EarlierShare[]> {
  const { rows } = await sql<EarlierShare>`
    with wanted as (
      select asked.place::int, asked.kind, lower(asked.name) as name, lower(asked.email) as email,
        coalesce(contact.account_id, known.account_id, acc.id) as account_id
      from jsonb_to_recordset(${JSON.stringify(recipients.map((row, place) => ({ ...row, place })))}::text::jsonb)
        as asked(place int, kind text, name text, email text, "accountName" text)
      left join contact on lower(contact.email) = lower(asked.email)
      left join recipient known on lower(known.email) = lower(asked.email)
      left join account acc on lower(acc.name) = lower(coalesce(
        nullif(trim(asked."accountName"), ''), case when asked.kind = 'account' then trim(asked.name) end))
    )
    select distinct on (sent.share_link_id, wanted.place) sent.share_link_id, wanted.place,
      case when match.is_same then 'person' else 'account' end as scope, r.name as recipient_name,
      acc.id as account_id, acc.name as account_name, u.id as created_by_user_id, u.name as by_name, sent.shared_at as sent_at,
      v.page_count, pinned.number as pinned_number, v.number as current_number
    from shared_asset sent
    join share_link l on l.id = sent.share_link_id
    join recipient r on r.id = sent.recipient_id
    join wanted on true
    cross join lateral (
      select case when wanted.email is not null then lower(r.email) = wanted.email
        else wanted.kind = 'person' and r.kind = 'person' and r.email is null and lower(r.name) = wanted.name
          and r.account_id is not distinct from wanted.account_id end as is_same
    ) match
    join asset a on a.id = sent.asset_id
    join asset_version v on v.id = a.current_version_id
    left join asset_version pinned on pinned.id = l.pinned_version_id
    left join account acc on acc.id = r.account_id
    join "user" u on u.id = sent.created_by_user_id
    where sent.asset_id = any(${assetIds}) and sent.shared_at > ${since} and wanted.kind <> 'channel'
      and (coalesce(match.is_same, false) or r.account_id = wanted.account_id)
    order by sent.share_link_id, wanted.place`.execute(db);
  return rows
    .map((row) => ({ ...row, scope: row.scope ?? 'account' }))
    .toSorted((a, b) => b.sentAt.getTime() - a.sentAt.getTime());
}

interface SeenPage {
  shareLinkId: string;
  startedAt: Date;
  assetVersionId: string;
  pageNumber: number | null;
  activeMs: number;
  wordCount: number | null;
}

/** Every page of these assets that a person saw by these share links; one row without a page for a bare visit. */
export async function listSeenPages(
  db: Database,
  shareLinkIds: string[],
  assetIds: string[],
): Promise<SeenPage[]> {
  const { rows } = await sql<SeenPage>`
    select v.share_link_id, v.started_at, opened.asset_version_id, seen.page_number,
      coalesce(seen.active_ms, 0) as active_ms, seen.word_count
    from visit v
    join visited_asset opened on opened.visit_id = v.id and opened.asset_id = any(${assetIds})
    join current_judgement j on j.visit_id = v.id and j.is_human
    left join lateral pages_of_visit(v.id) seen on seen.asset_version_id = opened.asset_version_id
    where v.share_link_id = any(${shareLinkIds})`.execute(db);
  return rows;
}
