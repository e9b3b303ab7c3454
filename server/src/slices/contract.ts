import { z } from 'zod';
import { id, instant, many } from '../http/contract.ts';

const words = many(z.string().trim().min(1).max(120));

/**
 * Which part of what happened a report speaks of. Persona, product and language say which assets; industry, region and
 * segment say which buyers, by their account. Within one of them any value will do, and all of them must fit.
 */
export const slice = z.object({
  /** Whole days up to and including today, unless `from` and `to` name others. */
  days: z.coerce
    .number()
    .pipe(z.union([z.literal(30), z.literal(90), z.literal(180), z.literal(365)]))
    .default(90),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  persona: many(id('trm')),
  product: many(id('trm')),
  language: many(id('trm')),
  industry: words,
  region: words,
  segment: words,
});
export type Slice = z.infer<typeof slice>;

/** A stretch of whole days where the instance is; `start` is the first instant of the first and `end` lies in the last. */
export const window = z.object({
  start: instant,
  end: instant,
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
});
export type Window = z.infer<typeof window>;
