import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type LinkRow, listLinksWhere } from './queries.ts';

/**
 * What was sent for a deal, newest first: the share links for which it was chosen, and those without a choice to its account
 * and its contacts that were made while the deal was open.
 */
export function listLinksOfDeal(db: Database, dealId: string, limit: number): Promise<LinkRow[]> {
  return listLinksWhere(
    db,
    sql`l.share_link_id in (
      select id from share_link where deal_id = ${dealId}
      union
      select link.id from deal d
      join recipient r on r.account_id = d.account_id
        or (r.account_id is null and r.contact_id in (select id from contact where account_id = d.account_id))
      join share_link link on link.recipient_id = r.id
      where d.id = ${dealId} and link.deal_id is null and link.created_at >= d.opened_at
        and (d.closed_at is null or link.created_at <= d.closed_at)
    )`,
    limit,
  );
}

/** The deal that somebody chose for the share link. */
export async function findChosenDealId(db: Database, shareLinkId: string): Promise<string | null> {
  const row = await db
    .selectFrom('shareLink')
    .select('dealId')
    .where('id', '=', shareLinkId)
    .executeTakeFirst();
  return row?.dealId ?? null;
}
