import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { curators, everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import {
  addToCollection,
  createCollection,
  deleteCollection,
  listCollectionChoices,
  listCollections,
  orderCollection,
  readCollection,
  removeFromCollection,
  restoreCollection,
  setPinned,
  updateCollection,
  updateCollectionItem,
} from './service.ts';

export function mountCollections(router: IRouter, ctx: Context): void {
  route(router, contract.listCollections, everyUser, ({ query, actor }) =>
    listCollections(ctx, actor, query),
  );

  route(router, contract.createCollection, everyUser, ({ body, actor }) =>
    createCollection(ctx, actor, body),
  );

  route(router, contract.readCollection, everyUser, ({ params, actor }) =>
    readCollection(ctx, actor, params.collectionId),
  );

  route(router, contract.updateCollection, everyUser, ({ params, body, actor }) =>
    updateCollection(ctx, actor, params.collectionId, body),
  );

  route(router, contract.deleteCollection, everyUser, ({ params, actor }) =>
    deleteCollection(ctx, actor, params.collectionId),
  );

  route(router, contract.restoreCollection, everyUser, ({ params, actor }) =>
    restoreCollection(ctx, actor, params.collectionId),
  );

  route(router, contract.pinCollection, curators, ({ params }) => setPinned(ctx, params.collectionId, true));

  route(router, contract.unpinCollection, curators, ({ params }) =>
    setPinned(ctx, params.collectionId, false),
  );

  route(router, contract.addToCollection, everyUser, ({ params, body, actor }) =>
    addToCollection(ctx, actor, params.collectionId, params.assetId, body),
  );

  route(router, contract.updateCollectionItem, everyUser, ({ params, body, actor }) =>
    updateCollectionItem(ctx, actor, params.collectionId, params.assetId, body.note),
  );

  route(router, contract.removeFromCollection, everyUser, ({ params, actor }) =>
    removeFromCollection(ctx, actor, params.collectionId, params.assetId),
  );

  route(router, contract.orderCollection, everyUser, ({ params, body, actor }) =>
    orderCollection(ctx, actor, params.collectionId, body.assetIds),
  );

  route(router, contract.listCollectionChoices, everyUser, async ({ params, actor }) => ({
    items: await listCollectionChoices(ctx, actor, params.assetId),
  }));
}
