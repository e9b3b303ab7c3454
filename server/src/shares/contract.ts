import { z } from 'zod';
import { emailAddress } from '../auth/contract.ts';
import { endpoint, id, instant } from '../http/contract.ts';

export const shareLinkState = z.enum(['active', 'expired', 'revoked']);

export const shareLink = z.object({
  id: id('lnk'),
  assetId: id('ast'),
  assetTitle: z.string(),
  recipient: z.object({
    id: id('rcp'),
    name: z.string(),
    email: z.string().nullable(),
    accountName: z.string().nullable(),
  }),
  createdByUserId: id('usr'),
  createdByName: z.string(),
  message: z.string(),
  hasPasscode: z.boolean(),
  allowsDownload: z.boolean(),
  state: shareLinkState,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  createdAt: instant,
});
export type ShareLink = z.infer<typeof shareLink>;

const shareLinkParams = z.object({ shareLinkId: id('lnk') });

export const recipientInput = z.object({
  name: z.string().trim().min(1, 'Say who this is for.').max(120),
  email: emailAddress.nullable().default(null),
  accountName: z.string().trim().max(160).nullable().default(null),
});

export const createShareLink = endpoint({
  method: 'POST',
  path: '/assets/:assetId/share-links',
  params: z.object({ assetId: id('ast') }),
  body: z.object({
    recipient: recipientInput,
    message: z.string().trim().max(2000).default(''),
    expiresAt: instant.nullable().default(null),
    passcode: z.string().trim().min(4, 'Use at least 4 characters.').max(60).nullable().default(null),
    allowsDownload: z.boolean().default(true),
    searchId: id('srh').nullable().default(null),
  }),
  response: z.object({ shareLink, url: z.string() }),
});

/** Share links that the actor made, newest first, of one asset when it is named. */
export const listShareLinks = endpoint({
  method: 'GET',
  path: '/share-links',
  query: z.object({
    assetId: id('ast').optional(),
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({ items: z.array(shareLink), nextCursor: z.string().nullable() }),
});

/** Only the sender can copy the URL again. */
export const readShareLinkUrl = endpoint({
  method: 'GET',
  path: '/share-links/:shareLinkId/url',
  params: shareLinkParams,
  response: z.object({ url: z.string() }),
});

/** From the moment this answers, the share link opens nothing more. */
export const revokeShareLink = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/revoke',
  params: shareLinkParams,
  response: shareLink,
  status: 200,
});

/** Takes a revocation back. */
export const restoreShareLink = endpoint({
  method: 'POST',
  path: '/share-links/:shareLinkId/restore',
  params: shareLinkParams,
  response: shareLink,
  status: 200,
});
