import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import type { PlannedRequest } from './activity-plan.ts';
import type { Understood } from './understand.ts';

/** Writes what sales asked marketing for, each with those who want it. */
export async function loadRequests(
  trx: Database,
  requests: readonly PlannedRequest[],
  today: Date,
  understood: Understood,
  userOf: (email: string) => string,
): Promise<void> {
  const terms = await trx.selectFrom('term').select(['id', 'name']).execute();
  for (const { terms: names, query, dueInDays, userEmail, voterEmails, at, ...row } of requests) {
    const requestId = newId('req');
    const dueOn =
      dueInDays === null
        ? null
        : new Date(today.getTime() + dueInDays * 86_400_000).toISOString().slice(0, 10);
    await trx
      .insertInto('request')
      .values({
        ...row,
        id: requestId,
        clusterKey: understood.get(query ?? '')?.clusterKey || null,
        dueOn,
        createdByUserId: userOf(userEmail),
        createdAt: at,
        updatedAt: row.closedAt ?? at,
        isSample: true,
      })
      // Whoever loads the sample twice, or beside a real request for the same, keeps what is there.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const isThere = await trx
      .selectFrom('request')
      .select('id')
      .where('id', '=', requestId)
      .executeTakeFirst();
    if (!isThere) continue;
    for (const term of terms.filter(({ name }) => names.includes(name)))
      await trx.insertInto('requestTerm').values({ requestId, termId: term.id }).execute();
    for (const email of voterEmails)
      await trx
        .insertInto('requestVote')
        .values({ requestId, userId: userOf(email), votedAt: at })
        .execute();
  }
}
