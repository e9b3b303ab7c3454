import { z } from 'zod';
import { day, endpoint, id, instant, list, paging } from '../http/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

export const requestStatus = z.enum(['open', 'planned', 'done', 'declined']);
export type RequestStatus = z.infer<typeof requestStatus>;

/** Something that a rep asks marketing to make. */
export const assetRequest = z.object({
  id: id('req'),
  title: z.string(),
  details: z.string(),
  status: requestStatus,
  /** The situation that it is for. */
  terms: z.array(termTag),
  dueOn: day.nullable(),
  /** What marketing answers. */
  answer: z.string(),
  /** The asset that answers it. */
  asset: z.object({ id: id('ast'), title: z.string() }).nullable(),
  createdByName: z.string(),
  isOwn: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  voteCount: z.int(),
  hasVoted: z.boolean(),
  voterNames: z.array(z.string()),
  /** Open deals of those who want it, by currency; empty when there are none. */
  openDealCount: z.int(),
  openValue: z.array(z.object({ currency: z.string(), amount: z.number() })),
});
export type AssetRequest = z.infer<typeof assetRequest>;

export const listRequests = endpoint({
  method: 'GET',
  path: '/requests',
  query: z.object({
    ...paging,
    status: requestStatus.optional(),
    /** Those that the user made or voted for. */
    isOwn: z.enum(['true']).optional(),
  }),
  response: list(assetRequest),
});

const title = z.string().trim().min(1, 'Say in a few words what is missing.').max(200);
const details = z.string().trim().max(4000);

/** Asks for an asset; the one who asks votes for it. */
export const createRequest = endpoint({
  method: 'POST',
  path: '/requests',
  body: z.object({
    title,
    details: details.default(''),
    termIds: z.array(id('trm')).max(50).default([]),
    dueOn: day.nullable().default(null),
    /** The search that found nothing fitting. */
    searchId: id('srh').nullable().default(null),
  }),
  response: assetRequest,
});

const requestParams = z.object({ requestId: id('req') });

export const updateRequest = endpoint({
  method: 'PATCH',
  path: '/requests/:requestId',
  params: requestParams,
  body: z.object({
    title: title.optional(),
    details: details.optional(),
    termIds: z.array(id('trm')).max(50).optional(),
    dueOn: day.nullable().optional(),
    status: requestStatus.optional(),
    answer: z.string().trim().max(4000).optional(),
    assetId: id('ast').nullable().optional(),
  }),
  response: assetRequest,
});

/** Of the user's own, while nobody else wants it and nothing was promised. */
export const deleteRequest = endpoint({
  method: 'DELETE',
  path: '/requests/:requestId',
  params: requestParams,
});

export const voteForRequest = endpoint({
  method: 'PUT',
  path: '/requests/:requestId/vote',
  params: requestParams,
  response: assetRequest,
});

export const withdrawVote = endpoint({
  method: 'DELETE',
  path: '/requests/:requestId/vote',
  params: requestParams,
  response: assetRequest,
});
