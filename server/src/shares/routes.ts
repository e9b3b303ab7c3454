import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import {
  createShareLink,
  listShareLinks,
  readShareLinkUrl,
  restoreShareLink,
  revokeShareLink,
} from './service.ts';

export function mountShares(router: IRouter, ctx: Context): void {
  route(router, contract.createShareLink, everyUser, ({ actor, params, body }) =>
    createShareLink(ctx, actor, params.assetId, body),
  );
  route(router, contract.listShareLinks, everyUser, ({ actor, query }) => listShareLinks(ctx, actor, query));
  route(router, contract.readShareLinkUrl, everyUser, ({ actor, params }) =>
    readShareLinkUrl(ctx, actor, params.shareLinkId),
  );
  route(router, contract.revokeShareLink, everyUser, ({ actor, params }) =>
    revokeShareLink(ctx, actor, params.shareLinkId),
  );
  route(router, contract.restoreShareLink, everyUser, ({ actor, params }) =>
    restoreShareLink(ctx, actor, params.shareLinkId),
  );
}
