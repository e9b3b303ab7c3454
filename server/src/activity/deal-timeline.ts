import type { Context } from '../context.ts';
import { findDeal } from '../deals/service.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { DealActivity } from './contract.ts';
import { listLinksOfDeal } from './deal-queries.ts';
import { tellStory } from './story.ts';

const mostLinks = 200;

/** How a deal moved and what was sent and read for it, in one timeline. */
export async function readDeal({ db, clock }: Context, actor: Actor, dealId: string): Promise<DealActivity> {
  const [deal, found] = await Promise.all([findDeal(db, dealId), listLinksOfDeal(db, dealId, mostLinks + 1)]);
  if (!deal)
    throw new Problem(
      'not_found',
      'There is no deal with this id, or it is gone from the CRM. Find it in the list.',
    );
  const { isCut, ...story } = await tellStory({ db, clock }, actor, found.slice(0, mostLinks), [deal]);
  return { deal, ...story, hasMore: found.length > mostLinks || isCut };
}
