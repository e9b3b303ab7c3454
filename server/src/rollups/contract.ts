import { z } from 'zod';
import { endpoint, instant } from '../http/contract.ts';

/** How far reports are counted. */
export const readCounting = endpoint({
  method: 'GET',
  path: '/counting',
  response: z.object({
    /** Everything that happened before is counted. */
    countedAt: instant,
    /** What is marked to be counted again; several marks may be about the same. */
    waitingCount: z.int(),
    /** By whose days it is counted; null before anything was. After a change of the setting everything is counted anew. */
    timeZone: z.string().nullable(),
    /** The time now, against which the other can be held. */
    asOf: instant,
  }),
});
