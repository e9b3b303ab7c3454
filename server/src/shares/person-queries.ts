import { type RawBuilder, sql } from 'kysely';
import { type Address, isAddress, mentions, withoutAddress } from '../db/address.ts';
import type { Database } from '../db/database.ts';

/** Those who were addressed by it, directly or as a contact. */
const isRecipient = (address: Address) => sql`(
  ${isAddress('r.email', address)} or exists (
    select from contact c where c.id = r.contact_id and ${isAddress('c.email', address)}
  ))`;

/** The ids of the share links that were made for this person, as a subquery. */
export function selectLinksTo(address: Address): RawBuilder<string> {
  return sql<string>`(
    select l.id from share_link l join recipient r on r.id = l.recipient_id where ${isRecipient(address)})`;
}

/** What was sent to them, and what else of what was sent names them. */
export async function exportPerson(db: Database, address: Address) {
  const recipients = await sql<object>`
    select r.id, r.name, r.email, account.name as account, r.created_at
    from recipient r left join account on account.id = r.account_id where ${isRecipient(address)}`.execute(
    db,
  );
  const links = await sql<object>`
    select l.id, coalesce(a.title, room.name) as title, case when l.room_id is null then 'asset' else 'room' end as kind,
      sender.name as sent_by, l.message, l.gate, l.allowed_emails, l.allowed_domains, l.has_watermark,
      l.allows_download, l.created_at, l.starts_at, l.expires_at, l.revoked_at, l.mail_asked_at, l.mailed_at,
      l.undone_at
    from share_link l
    join recipient r on r.id = l.recipient_id
    join "user" sender on sender.id = l.created_by_user_id
    left join asset a on a.id = l.asset_id left join room on room.id = l.room_id
    where ${isRecipient(address)} order by l.created_at`.execute(db);
  const named = await sql<object>`
    select l.id, l.message, l.allowed_emails, l.created_at
    from share_link l join recipient r on r.id = l.recipient_id
    where not ${isRecipient(address)}
      and (${mentions('l.message', address)} or ${mentions('l.allowed_emails', address)})
    order by l.created_at`.execute(db);
  return { recipients: recipients.rows, shareLinks: links.rows, namedInShareLinks: named.rows };
}

/** An address that nobody has, so that a share link for certain addresses does not open to everybody. */
const nobody = 'erased@erased.invalid';

/**
 * Share links to the person end, and stay with what was counted of them. Their recipient stays without name and
 * address; the account does, because it is a company and its reading is counted.
 */
export async function erasePerson(db: Database, address: Address, now: Date) {
  const own = selectLinksTo(address);
  const links = await sql`
    with recursive theirs as (
      select id, true as is_own from share_link where id in ${own}
      union
      -- What was passed on carries the words that were written to them.
      select child.id, child.id in ${own} from share_link child join theirs on child.parent_share_link_id = theirs.id
    )
    update share_link l set message = '',
      revoked_at = case when theirs.is_own then coalesce(l.revoked_at, ${now}::timestamptz) else l.revoked_at end,
      forwarded_by_visitor_id = case when theirs.is_own then null else l.forwarded_by_visitor_id end
    from theirs where theirs.id = l.id and (theirs.is_own or l.message <> '')`.execute(db);
  const named = await sql`
    update share_link set message = ${withoutAddress('message', address)},
      allowed_emails = array(
        select distinct case when lower(normalize(trim(allowed), nfc)) = any(${address.spellings}::text[])
          then ${nobody} else allowed end
        from unnest(allowed_emails) as allowed
      )
    where ${mentions('message', address)} or ${mentions('allowed_emails', address)}`.execute(db);
  const recipients = await sql`
    update recipient r set name = 'Erased recipient ' || upper(right(r.id, 5)), email = null, contact_id = null
    where ${isRecipient(address)} or ${mentions('r.name', address)}`.execute(db);
  return {
    share_link: Number(links.numAffectedRows ?? 0) + Number(named.numAffectedRows ?? 0),
    recipient: Number(recipients.numAffectedRows ?? 0),
  };
}
