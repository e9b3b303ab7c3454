import { z } from 'zod';
import { assetCard } from '../assets/contract.ts';
import { endpoint, id, instant, list, paging } from '../http/contract.ts';

export const mostRoomItems = 60;
export const longestQuestion = 2_000;

const cover = assetCard.pick({
  id: true,
  kind: true,
  versionId: true,
  mediaType: true,
  fileName: true,
  pageCount: true,
  hasThumbnail: true,
  durationMs: true,
  renditionState: true,
});

/** What a list shows of a room. */
export const roomCard = z.object({
  id: id('room'),
  name: z.string(),
  createdByName: z.string(),
  isOwn: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  itemCount: z.int(),
  /** The first three items, for a picture of it. */
  covers: z.array(cover),
  /** Share links that lead to it, without those that were undone. */
  holderCount: z.int(),
  /** Those by which a person has opened an item. */
  openedByCount: z.int(),
  lastOpenedAt: instant.nullable(),
  /** Questions that nobody has answered. */
  openQuestionCount: z.int(),
});
export type RoomCard = z.infer<typeof roomCard>;

/** The one thing to do next: a link, or a date. */
export const nextStep = z.object({
  label: z.string(),
  url: z.string().nullable(),
  at: instant.nullable(),
});
export type NextStep = z.infer<typeof nextStep>;

export const roomItem = z.object({
  asset: assetCard,
  note: z.string(),
  addedAt: instant,
  /** The version that it shows for ever, and the one that is current; null where it shows the current one. */
  pinnedVersion: z.object({ number: z.int(), currentNumber: z.int() }).nullable(),
  expectedMs: z.number(),
  /** Of visits that were judged human only. */
  openedByCount: z.int(),
  readByCount: z.int(),
  /** Active time for each who opened it; null where nobody did. */
  medianActiveMs: z.number().nullable(),
});
export type RoomItem = z.infer<typeof roomItem>;

/** Whoever has a share link to the room, and what people read by it. */
export const roomHolder = z.object({
  shareLinkId: id('lnk'),
  recipientName: z.string(),
  accountName: z.string().nullable(),
  createdAt: instant,
  createdByName: z.string(),
  /** Of whom it got the room by the forward button. */
  forwardedByName: z.string().nullable(),
  state: z.enum(['active', 'not_started', 'expired', 'revoked']),
  lastOpenedAt: instant.nullable(),
  openedItemCount: z.int(),
  readItemCount: z.int(),
  activeMs: z.number(),
});
export type RoomHolder = z.infer<typeof roomHolder>;

export const roomQuestion = z.object({
  id: id('que'),
  roomId: id('room'),
  roomName: z.string(),
  shareLinkId: id('lnk'),
  /** Whom the share link was made for; the name that was given may be another one. */
  recipientName: z.string(),
  askedByName: z.string(),
  askedByEmail: z.string().nullable(),
  /** The item that it is about. */
  asset: z.object({ id: id('ast'), title: z.string() }).nullable(),
  text: z.string(),
  askedAt: instant,
  answer: z.string().nullable(),
  answeredByName: z.string().nullable(),
  answeredAt: instant.nullable(),
  /** Every holder of the room reads it, without the name of who asked. */
  isForAll: z.boolean(),
  isHidden: z.boolean(),
});
export type RoomQuestion = z.infer<typeof roomQuestion>;

export const room = roomCard.extend({
  collection: z.object({ id: id('col'), name: z.string() }).nullable(),
  note: z.string(),
  nextStep: nextStep.nullable(),
  items: z.array(roomItem),
  holders: z.array(roomHolder),
  questions: z.array(roomQuestion),
  asOf: instant,
});
export type Room = z.infer<typeof room>;

/** What stayed out of a room, because it may not leave the company. */
export const leftOut = z.object({
  assetId: id('ast'),
  title: z.string(),
  reason: z.enum(['draft', 'archived', 'internal']),
});
export type LeftOut = z.infer<typeof leftOut>;

const roomParams = z.object({ roomId: id('room') });
const itemParams = z.object({ roomId: id('room'), assetId: id('ast') });
const questionParams = z.object({ questionId: id('que') });
const name = z.string().trim().min(1, 'Give the room a name.').max(120);
const note = z.string().trim().max(500);

const label = z.string().trim().min(1, 'Say what the next step is.').max(80);
const httpsUrl = z
  .url({
    protocol: /^https$/,
    normalize: true,
    hostname: z.regexes.domain,
    error: 'This must be an address that starts with https://.',
  })
  .max(1000)
  .refine((text) => !/^https:\/\/[^/?#]*@/.test(text), {
    error:
      'This address holds a user name or a password, which everybody with the room would see. Take it out.',
  });

/** Last changed first. */
export const listRooms = endpoint({
  method: 'GET',
  path: '/rooms',
  query: z.object({ ...paging, part: z.enum(['own', 'all']).default('own') }),
  response: list(roomCard).extend({
    /** All counts for those who look after the library, who see everybody's. */
    counts: z.object({ own: z.int(), all: z.int() }),
  }),
});

/** A copy of a collection with its notes, or of some assets. What may not be shared is left out and named. */
export const createRoom = endpoint({
  method: 'POST',
  path: '/rooms',
  body: z.object({
    source: z.union([
      z.strictObject({ collectionId: id('col') }),
      z.strictObject({ assetIds: z.array(id('ast')).min(1).max(mostRoomItems) }),
    ]),
    name: name.optional(),
  }),
  response: z.object({ room, leftOut: z.array(leftOut) }),
});

export const readRoom = endpoint({
  method: 'GET',
  path: '/rooms/:roomId',
  params: roomParams,
  response: room,
});

export const updateRoom = endpoint({
  method: 'PATCH',
  path: '/rooms/:roomId',
  params: roomParams,
  body: z.object({
    name: name.optional(),
    note: z.string().trim().max(2000).optional(),
    nextStep: z
      .union([z.strictObject({ label, url: httpsUrl }), z.strictObject({ label, at: instant })])
      .nullable()
      .optional(),
  }),
  response: room,
});

/** Adds the asset at the end, or at a place counted from 0; one that is in it stays as it is. */
export const addToRoom = endpoint({
  method: 'PUT',
  path: '/rooms/:roomId/items/:assetId',
  params: itemParams,
  body: z.object({ note: note.default(''), place: z.int().min(0).max(mostRoomItems).optional() }),
});

export const updateRoomItem = endpoint({
  method: 'PATCH',
  path: '/rooms/:roomId/items/:assetId',
  params: itemParams,
  body: z.object({
    note: note.optional(),
    /** Keeps the version that is current now, whatever is uploaded later. */
    isPinned: z.boolean().optional(),
  }),
});

/** What people read of it stays known. */
export const removeFromRoom = endpoint({
  method: 'DELETE',
  path: '/rooms/:roomId/items/:assetId',
  params: itemParams,
});

/** Puts these items in this order; one that was added meanwhile keeps its place, one that was removed stays away. */
export const orderRoom = endpoint({
  method: 'PUT',
  path: '/rooms/:roomId/order',
  params: roomParams,
  body: z.object({ assetIds: z.array(id('ast')).max(mostRoomItems) }),
});

/** Of all rooms that the user looks after, those without an answer first, then the newest. */
export const listRoomQuestions = endpoint({
  method: 'GET',
  path: '/room-questions',
  response: z.object({ items: z.array(roomQuestion), openCount: z.int() }),
});

/** Answers a question, or changes the answer; or takes a question out of the room. */
export const updateRoomQuestion = endpoint({
  method: 'PATCH',
  path: '/room-questions/:questionId',
  params: questionParams,
  body: z.object({
    answer: z.string().trim().min(1, 'Write an answer.').max(4000).optional(),
    isForAll: z.boolean().optional(),
    isHidden: z.boolean().optional(),
  }),
  response: roomQuestion,
});
