import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins, anybody, everyUser } from '../http/actor.ts';
import { subnetOf } from '../http/client-address.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { hasSampleData, hasUsers, listUserRows } from './queries.ts';
import { getSignedInUser, setUp, signIn, toUser, updateMe, updateUser } from './service.ts';
import { endSession, sessionHashOf, startSession } from './session.ts';
import { createTicket, inviteUser, readTicket, redeemTicket, requestReset } from './tickets.ts';

export function mountAuth(router: IRouter, ctx: Context): void {
  const { config, db } = ctx;

  route(router, contract.readSession, anybody, async ({ actor }) => ({
    user: actor ? await getSignedInUser(db, actor.userId) : null,
    isSetUp: await hasUsers(db),
    canMail: config.mail !== null,
    maxUploadBytes: config.maxUploadBytes,
    hasSampleData: await hasSampleData(db),
  }));

  route(router, contract.setUp, anybody, async ({ body, req, res }) => {
    const userId = await setUp(ctx, body);
    await startSession(ctx, req, res, userId);
    return getSignedInUser(db, userId);
  });

  route(router, contract.signIn, anybody, async ({ body, req, res }) => {
    const userId = await signIn(ctx, body, subnetOf(req.ip));
    await startSession(ctx, req, res, userId);
    return getSignedInUser(db, userId);
  });

  route(router, contract.signOut, anybody, ({ req, res }) => endSession(ctx, req, res));

  route(router, contract.updateMe, everyUser, ({ actor, body, req }) =>
    updateMe(ctx, actor, body, sessionHashOf(config, req)),
  );

  route(router, contract.listUsers, everyUser, async () => ({ items: (await listUserRows(db)).map(toUser) }));

  route(router, contract.inviteUser, admins, ({ actor, body }) => inviteUser(ctx, actor, body));

  route(router, contract.updateUser, admins, ({ params, body }) => updateUser(ctx, params.userId, body));

  route(router, contract.createTicket, admins, ({ actor, params }) =>
    createTicket(ctx, actor, params.userId),
  );

  route(router, contract.requestReset, anybody, ({ body, req }) =>
    requestReset(ctx, body.email, subnetOf(req.ip)),
  );

  route(router, contract.readTicket, anybody, ({ body }) => readTicket(ctx, body.token));

  route(router, contract.redeemTicket, anybody, async ({ body, req, res }) => {
    const userId = await redeemTicket(ctx, body.token, body.password);
    await startSession(ctx, req, res, userId);
    return getSignedInUser(db, userId);
  });
}
