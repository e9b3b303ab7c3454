import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { familyOf } from './change-queries.ts';

/** Whether there is such a deal and each recipient is at its account, by themselves or as a contact. */
export async function areAtAccountOfDeal(
  db: Database,
  dealId: string,
  recipientIds: string[],
): Promise<boolean> {
  const { rows } = await sql<{ isMatch: boolean }>`
    select not exists (
      select from unnest(${recipientIds}::text[]) as given (id)
      join recipient r on r.id = given.id
      left join contact c on c.id = r.contact_id
      where coalesce(r.account_id, c.account_id) is distinct from d.account_id
    ) as is_match
    from deal d where d.id = ${dealId} and d.removed_at is null`.execute(db);
  return rows[0]?.isMatch ?? false;
}

/** Of the share link and of everything that was forwarded from it. */
export async function updateDeal(db: Database, shareLinkId: string, dealId: string | null): Promise<void> {
  await sql`${familyOf([shareLinkId])}
    update share_link set deal_id = ${dealId} where id in (select id from family)`.execute(db);
}
