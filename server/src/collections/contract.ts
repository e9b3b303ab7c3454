import { z } from 'zod';
import { assetCard } from '../assets/contract.ts';
import { endpoint, id, instant, list, paging } from '../http/contract.ts';

export const mostItems = 200;
export const mostCollections = 500;

/** What a list, a card and Find's home show of a collection. */
export const collectionCard = z.object({
  id: id('col'),
  name: z.string(),
  description: z.string(),
  createdByName: z.string(),
  isOwn: z.boolean(),
  /** Its maker and the keepers of the library may change it. */
  mayEdit: z.boolean(),
  /** Stands on everybody's Find home. */
  isPinned: z.boolean(),
  updatedAt: instant,
  /** Assets in it that the user may see. */
  itemCount: z.int(),
  /** The first three of them, for a picture of it. */
  covers: z.array(
    assetCard.pick({
      id: true,
      kind: true,
      versionId: true,
      mediaType: true,
      fileName: true,
      pageCount: true,
      hasThumbnail: true,
      durationMs: true,
      renditionState: true,
    }),
  ),
});
export type CollectionCard = z.infer<typeof collectionCard>;

export const collectionItem = z.object({
  asset: assetCard,
  note: z.string(),
  addedByName: z.string().nullable(),
  addedAt: instant,
});
export type CollectionItem = z.infer<typeof collectionItem>;

export const collection = collectionCard.extend({
  items: z.array(collectionItem),
  /** Assets in it that are not published, for those who may not see them. */
  hiddenCount: z.int(),
});
export type Collection = z.infer<typeof collection>;

/** Last changed first; with `pinned`, last pinned first. */
export const listCollections = endpoint({
  method: 'GET',
  path: '/collections',
  query: z.object({
    ...paging,
    part: z.enum(['all', 'own', 'pinned']).default('all'),
    query: z.string().max(200).default(''),
  }),
  response: list(collectionCard).extend({
    /** How many there are of each part, whatever the query. */
    counts: z.object({ all: z.int(), own: z.int(), pinned: z.int() }),
  }),
});

const name = z.string().trim().min(1, 'Give the collection a name.').max(120);
const description = z.string().trim().max(1000);
const note = z.string().trim().max(500);
const collectionParams = z.object({ collectionId: id('col') });
const itemParams = z.object({ collectionId: id('col'), assetId: id('ast') });

/** Of the user's own. It may start with assets in it. */
export const createCollection = endpoint({
  method: 'POST',
  path: '/collections',
  body: z.object({
    name,
    description: description.default(''),
    assetIds: z.array(id('ast')).max(mostItems).default([]),
  }),
  response: collection,
});

export const readCollection = endpoint({
  method: 'GET',
  path: '/collections/:collectionId',
  params: collectionParams,
  response: collection,
});

export const updateCollection = endpoint({
  method: 'PATCH',
  path: '/collections/:collectionId',
  params: collectionParams,
  body: z.object({ name: name.optional(), description: description.optional() }),
  response: collection,
});

/** It can be restored for a day. */
export const deleteCollection = endpoint({
  method: 'DELETE',
  path: '/collections/:collectionId',
  params: collectionParams,
});

export const restoreCollection = endpoint({
  method: 'POST',
  path: '/collections/:collectionId/restore',
  params: collectionParams,
  response: collection,
  status: 200,
});

/** Puts it on everybody's Find home. */
export const pinCollection = endpoint({
  method: 'PUT',
  path: '/collections/:collectionId/pin',
  params: collectionParams,
});

export const unpinCollection = endpoint({
  method: 'DELETE',
  path: '/collections/:collectionId/pin',
  params: collectionParams,
});

/** Adds the asset at the end, or at a place counted from 0; one that is in it stays as it is. */
export const addToCollection = endpoint({
  method: 'PUT',
  path: '/collections/:collectionId/items/:assetId',
  params: itemParams,
  body: z.object({ note: note.default(''), place: z.int().min(0).max(mostItems).optional() }),
});

export const updateCollectionItem = endpoint({
  method: 'PATCH',
  path: '/collections/:collectionId/items/:assetId',
  params: itemParams,
  body: z.object({ note }),
});

export const removeFromCollection = endpoint({
  method: 'DELETE',
  path: '/collections/:collectionId/items/:assetId',
  params: itemParams,
});

/**
 * Puts these assets in this order, in the places that they take up together: one that was added meanwhile, or that
 * the user may not see, keeps its place; one that was removed meanwhile stays away.
 */
export const orderCollection = endpoint({
  method: 'PUT',
  path: '/collections/:collectionId/order',
  params: collectionParams,
  body: z.object({ assetIds: z.array(id('ast')).max(mostItems) }),
});

/** A collection that the user may put an asset into. */
export const collectionChoice = z.object({
  id: id('col'),
  name: z.string(),
  createdByName: z.string(),
  isOwn: z.boolean(),
  itemCount: z.int(),
  hasAsset: z.boolean(),
});
export type CollectionChoice = z.infer<typeof collectionChoice>;

/** The user's own, and for the keepers of the library those that are pinned, too; last changed first. */
export const listCollectionChoices = endpoint({
  method: 'GET',
  path: '/assets/:assetId/collections',
  params: z.object({ assetId: id('ast') }),
  response: z.object({ items: z.array(collectionChoice) }),
});
