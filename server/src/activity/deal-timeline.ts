import type { Context } from '../context.ts';
import { findDeal, findWorth } from '../deals/service.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { listContacts, listStages } from './account-queries.ts';
import type { DealActivity } from './contract.ts';
import { listLinksOfDeal } from './deal-queries.ts';
import { tellStory } from './story.ts';

const mostLinks = 200;
const mostStages = 200;
const mostContacts = 50;

/** How a deal moved and what was sent and read for it, in one timeline. */
export async function readDeal({ db, clock }: Context, actor: Actor, dealId: string): Promise<DealActivity> {
  const [deal, found] = await Promise.all([findDeal(db, dealId), listLinksOfDeal(db, dealId, mostLinks + 1)]);
  if (!deal)
    throw new Problem(
      'not_found',
      'There is no deal with this id, or it is gone from the CRM. Find it in the list.',
    );
  const [{ isCut, ...story }, worth, stages, contacts] = await Promise.all([
    tellStory({ db, clock }, actor, found.slice(0, mostLinks), [deal]),
    findWorth(db, dealId),
    listStages(db, [dealId], mostStages),
    listContacts(db, deal.accountId, mostContacts),
  ]);
  return {
    deal,
    worth: worth ?? null,
    stages: stages.toReversed().map(({ stage, enteredAt }) => ({ stage, enteredAt })),
    contacts,
    ...story,
    hasMore: found.length > mostLinks || isCut,
  };
}
