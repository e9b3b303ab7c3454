import type { Database } from '../db/database.ts';
import { Problem } from '../http/problem.ts';
import { areAtAccountOfDeal, updateDeal } from './deal-queries.ts';

/** What was sent to one account can't have moved a deal of another. */
export async function refuseOtherDeal(
  db: Database,
  dealId: string | null,
  recipientIds: string[],
): Promise<void> {
  if (dealId === null || (await areAtAccountOfDeal(db, dealId, recipientIds))) return;
  const detail = 'This is no deal of the account that it is for. Choose one of its deals, or none.';
  throw new Problem('invalid_request', detail, [{ pointer: '/body/dealId', detail }]);
}

/** What was forwarded follows, as it is about the same deal. */
export async function chooseDeal(
  db: Database,
  { id, recipientId }: { id: string; recipientId: string },
  dealId: string | null,
): Promise<void> {
  await refuseOtherDeal(db, dealId, [recipientId]);
  await updateDeal(db, id, dealId);
}
