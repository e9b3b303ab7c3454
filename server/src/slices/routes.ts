import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { bringBackView, editView, listViews, makeView, removeView } from './saved-views.ts';
import { readSliceChoices, summariseSlice } from './service.ts';

export function mountSlices(router: IRouter, ctx: Context): void {
  route(router, contract.readSlice, everyUser, ({ query }) => summariseSlice(ctx, query));
  route(router, contract.listSliceChoices, everyUser, () => readSliceChoices(ctx));
  route(router, contract.listSavedViews, everyUser, ({ actor }) => listViews(ctx, actor));
  route(router, contract.saveView, everyUser, ({ body, actor }) => makeView(ctx, actor, body));
  route(router, contract.changeView, everyUser, ({ params, body, actor }) =>
    editView(ctx, actor, params.savedViewId, body),
  );
  route(router, contract.deleteView, everyUser, ({ params, actor }) =>
    removeView(ctx, actor, params.savedViewId),
  );
  route(router, contract.restoreView, everyUser, ({ params, actor }) =>
    bringBackView(ctx, actor, params.savedViewId),
  );
}
