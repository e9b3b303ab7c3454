import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { createSavedSearch, deleteSavedSearch, listSavedSearches, updateSavedSearch } from './saved.ts';
import { findRecentSearches } from './search-log.ts';
import { createSearch, deleteNotRight, readSearch, recordSearchAction } from './service.ts';

export function mountSearch(router: IRouter, ctx: Context): void {
  route(router, contract.createSearch, everyUser, ({ actor, body, req }) =>
    createSearch(ctx, actor, body, () => req.socket.destroyed),
  );

  route(router, contract.recordSearchAction, everyUser, ({ actor, params, body }) =>
    recordSearchAction(ctx, actor, { ...body, searchId: params.searchId }),
  );

  route(router, contract.listRecentSearches, everyUser, async ({ actor }) => ({
    items: await findRecentSearches(ctx, actor),
  }));

  // After /searches/recent, which looks like the id of a search.
  route(router, contract.readSearch, everyUser, ({ params }) => readSearch(ctx, params.searchId));

  route(router, contract.deleteNotRight, everyUser, ({ actor, params }) =>
    deleteNotRight(ctx, actor, params.searchId, params.assetId),
  );

  route(router, contract.listSavedSearches, everyUser, async ({ actor }) => ({
    items: await listSavedSearches(ctx, actor),
  }));

  route(router, contract.createSavedSearch, everyUser, ({ actor, body }) =>
    createSavedSearch(ctx, actor, body),
  );

  route(router, contract.updateSavedSearch, everyUser, ({ actor, params, body }) =>
    updateSavedSearch(ctx, actor, params.savedSearchId, body),
  );

  route(router, contract.deleteSavedSearch, everyUser, ({ actor, params }) =>
    deleteSavedSearch(ctx, actor, params.savedSearchId),
  );
}
