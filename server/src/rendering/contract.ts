import { z } from 'zod';
import { endpoint, id } from '../http/contract.ts';

export const textState = z.enum(['queued', 'done', 'failed', 'unsupported']);

/** The readable text of a version as safe HTML, for a preview inside the app. */
export const readVersionText = endpoint({
  method: 'GET',
  path: '/asset-versions/:assetVersionId/text',
  params: z.object({ assetVersionId: id('ver') }),
  response: z.object({
    state: textState,
    html: z.string(),
    wordCount: z.int(),
    reason: z.string().nullable(),
  }),
});
