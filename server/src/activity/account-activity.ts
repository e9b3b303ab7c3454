import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { findAccount, listContacts, listDeals } from './account-queries.ts';
import { dealValueOf } from './act-now.ts';
import type { AccountActivity } from './contract.ts';
import { listLinksToAccount, listOpenDealValues } from './queries.ts';
import { tellStory } from './story.ts';

const mostLinks = 200;
const mostContacts = 100;
const mostDeals = 50;

/** Everything that colleagues sent to an account and what became of it. */
export async function readAccount(
  { db, clock }: Context,
  actor: Actor,
  accountId: string,
): Promise<AccountActivity> {
  const account = await findAccount(db, accountId);
  if (!account)
    throw new Problem('not_found', 'There is no account with this id. Search for it by its name.');
  const [contacts, deals, found, values] = await Promise.all([
    listContacts(db, accountId, mostContacts),
    listDeals(db, accountId, mostDeals),
    listLinksToAccount(db, accountId, mostLinks + 1),
    listOpenDealValues(db, [accountId]),
  ]);
  const { isCut, ...story } = await tellStory({ db, clock }, actor, found.slice(0, mostLinks), deals);
  return {
    account,
    contacts,
    deals,
    ...dealValueOf(accountId, values),
    ...story,
    hasMore: found.length > mostLinks || isCut,
  };
}
