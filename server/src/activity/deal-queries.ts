import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type LinkRow, listLinksWhere } from './queries.ts';

/** What was sent for a deal, newest first. */
export function listLinksOfDeal(db: Database, dealId: string, limit: number): Promise<LinkRow[]> {
  return listLinksWhere(
    db,
    sql`l.share_link_id in (select share_link_id from share_link_deal where deal_id = ${dealId})`,
    limit,
  );
}
