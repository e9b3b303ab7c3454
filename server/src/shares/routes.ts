import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import {
  changeShareLink,
  restoreShareLink,
  restoreShareLinks,
  revokeShareLink,
  revokeShareLinks,
  transferAllShareLinks,
  transferShareLinks,
  undoShareLinks,
} from './changes.ts';
import * as contract from './contract.ts';
import { mailShareLinks } from './mailing.ts';
import {
  createShareLink,
  createShareLinks,
  listChildLinks,
  listShareLinks,
  readShareLinkUrl,
} from './service.ts';
import { listShareWarnings } from './warnings.ts';

export function mountShares(router: IRouter, ctx: Context): void {
  route(router, contract.readSharing, everyUser, () => ({ canMail: ctx.config.mail !== null }));
  route(router, contract.checkShare, everyUser, ({ actor, body }) =>
    listShareWarnings(ctx, actor, body.target, body.recipients),
  );
  route(router, contract.createShareLink, everyUser, ({ actor, params, body }) =>
    createShareLink(ctx, actor, { assetId: params.assetId }, body),
  );
  route(router, contract.createShareLinks, everyUser, ({ actor, body: { target, ...input } }) =>
    createShareLinks(ctx, actor, target, input),
  );
  route(router, contract.listShareLinks, everyUser, ({ actor, query }) => listShareLinks(ctx, actor, query));
  route(router, contract.listChildLinks, everyUser, ({ actor, params }) =>
    listChildLinks(ctx, actor, params.shareLinkId),
  );
  route(router, contract.readShareLinkUrl, everyUser, ({ actor, params }) =>
    readShareLinkUrl(ctx, actor, params.shareLinkId),
  );
  route(router, contract.changeShareLink, everyUser, ({ actor, params, body }) =>
    changeShareLink(ctx, actor, params.shareLinkId, body),
  );
  mountManyAtOnce(router, ctx);
  route(router, contract.revokeShareLink, everyUser, ({ actor, params }) =>
    revokeShareLink(ctx, actor, params.shareLinkId),
  );
  route(router, contract.restoreShareLink, everyUser, ({ actor, params }) =>
    restoreShareLink(ctx, actor, params.shareLinkId),
  );
}

function mountManyAtOnce(router: IRouter, ctx: Context): void {
  route(router, contract.revokeShareLinks, everyUser, ({ actor, body }) =>
    revokeShareLinks(ctx, actor, body.shareLinkIds),
  );
  route(router, contract.restoreShareLinks, everyUser, ({ actor, body }) =>
    restoreShareLinks(ctx, actor, body.shareLinkIds),
  );
  route(router, contract.undoShareLinks, everyUser, ({ actor, body }) =>
    undoShareLinks(ctx, actor, body.shareLinkIds),
  );
  route(router, contract.mailShareLinks, everyUser, ({ actor, body }) =>
    mailShareLinks(ctx, actor, body.shareLinkIds),
  );
  route(router, contract.transferShareLinks, everyUser, ({ actor, body }) =>
    transferShareLinks(ctx, actor, body),
  );
  route(router, contract.transferAllShareLinks, everyUser, ({ actor, params, body }) =>
    transferAllShareLinks(ctx, actor, { fromUserId: params.userId, toUserId: body.toUserId }),
  );
}
