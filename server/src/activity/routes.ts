import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import { readAccount } from './account-activity.ts';
import * as contract from './contract.ts';
import { readDeal } from './deal-timeline.ts';
import { readTimeline } from './link-timeline.ts';
import { noteFollowUp, readActNow, snooze, takeBackFollowUp, unsnooze } from './service.ts';

export function mountActivity(router: IRouter, ctx: Context): void {
  route(router, contract.listActNow, everyUser, ({ actor, query }) => readActNow(ctx, actor, query.whose));
  route(router, contract.addFollowUp, everyUser, ({ actor, params, body }) =>
    noteFollowUp(ctx, actor, params.shareLinkId, body),
  );
  route(router, contract.undoFollowUp, everyUser, ({ actor, params }) =>
    takeBackFollowUp(ctx, actor, params.followUpId),
  );
  route(router, contract.snoozeShareLink, everyUser, ({ actor, params, body }) =>
    snooze(ctx, actor, params.shareLinkId, body.until),
  );
  route(router, contract.unsnoozeShareLink, everyUser, ({ actor, params }) =>
    unsnooze(ctx, actor, params.shareLinkId),
  );
  route(router, contract.readLinkTimeline, everyUser, ({ actor, params }) =>
    readTimeline(ctx, actor, params.shareLinkId),
  );
  route(router, contract.readAccountActivity, everyUser, ({ actor, params }) =>
    readAccount(ctx, actor, params.accountId),
  );
  route(router, contract.readDealActivity, everyUser, ({ actor, params }) =>
    readDeal(ctx, actor, params.dealId),
  );
}
