import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { admins, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { showPreferences } from './preferences.ts';
import { deleteMute, markRead, markUnread } from './queries.ts';
import { testChannel } from './sending.ts';
import { choosePreferences, muteShareLink, readMutes, readNotifications } from './service.ts';
import { createStreams } from './stream.ts';
import {
  changeWebhook,
  createWebhook,
  readDeliveries,
  readWebhooks,
  removeWebhook,
  replayDelivery,
  rotateSecret,
  testWebhook,
} from './webhooks.ts';

/** Answers how to end the streams that are open. */
export function mountNotifications(router: IRouter, ctx: Context): { close(): void } {
  const { db, clock } = ctx;
  const streams = createStreams(ctx);
  route(router, contract.streamNotifications, everyUser, ({ actor, req, res }) =>
    streams.open(req, res, actor),
  );
  route(router, contract.listNotifications, everyUser, ({ actor, query }) =>
    readNotifications(ctx, actor, query),
  );
  route(router, contract.readNotification, everyUser, ({ actor: { userId }, params }) =>
    markRead(db, { userId, threadId: params.notificationId, at: clock(), until: clock() }),
  );
  route(router, contract.unreadNotification, everyUser, ({ actor, params }) =>
    markUnread(db, actor.userId, params.notificationId),
  );
  route(router, contract.readAllNotifications, everyUser, ({ actor: { userId }, body }) =>
    markRead(db, { userId, threadId: null, at: clock(), until: body.until }),
  );
  route(router, contract.muteShareLink, everyUser, ({ actor, params }) =>
    muteShareLink(ctx, actor, params.shareLinkId),
  );
  route(router, contract.unmuteShareLink, everyUser, ({ actor, params }) =>
    deleteMute(db, actor.userId, params.shareLinkId),
  );
  route(router, contract.listMutedShareLinks, everyUser, ({ actor }) => readMutes(ctx, actor));
  route(router, contract.readPreferences, everyUser, ({ actor }) => showPreferences(ctx, actor));
  route(router, contract.changePreferences, everyUser, ({ actor, body }) =>
    choosePreferences(ctx, actor, body),
  );
  route(router, contract.testChannel, everyUser, ({ actor, body }) => testChannel(ctx, actor, body.channel));

  route(router, contract.listWebhooks, admins, () => readWebhooks(ctx));
  route(router, contract.createWebhook, admins, ({ actor, body }) => createWebhook(ctx, actor, body));
  route(router, contract.changeWebhook, admins, ({ actor, params, body }) =>
    changeWebhook(ctx, actor, params.webhookId, body),
  );
  route(router, contract.deleteWebhook, admins, ({ actor, params }) =>
    removeWebhook(ctx, actor, params.webhookId),
  );
  route(router, contract.rotateWebhookSecret, admins, ({ actor, params }) =>
    rotateSecret(ctx, actor, params.webhookId),
  );
  route(router, contract.listWebhookDeliveries, admins, ({ params }) =>
    readDeliveries(ctx, params.webhookId),
  );
  route(router, contract.testWebhook, admins, ({ actor, params }) =>
    testWebhook(ctx, actor, params.webhookId),
  );
  route(router, contract.replayWebhookDelivery, admins, ({ actor, params }) =>
    replayDelivery(ctx, actor, params.webhookDeliveryId),
  );
  return streams;
}
