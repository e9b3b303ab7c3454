import { z } from 'zod';
import { endpoint, id, instant, many } from '../http/contract.ts';

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

/** What a slice comes to today, so that a page can say it in words. */
export const readSlice = endpoint({
  method: 'GET',
  path: '/slice',
  query: slice,
  response: z.object({
    window,
    /** As long, and right before it. */
    before: window,
    /** By whose clock days begin. */
    timeZone: z.string(),
    /** Published assets in it. */
    assetCount: z.int(),
    /** Accounts in it; null where the slice asks for none, so that buyers of no account count, too. */
    accountCount: z.int().nullable(),
  }),
});

const choice = z.object({ value: z.string(), accountCount: z.int() });

/** By what buyers can be sliced: the values that accounts have, most accounts first. */
export const listSliceChoices = endpoint({
  method: 'GET',
  path: '/slice-choices',
  response: z.object({
    industries: z.array(choice),
    regions: z.array(choice),
    segments: z.array(choice),
    /** The day it is where the instance is. */
    today: z.iso.date(),
    /** The first day of which anything is counted. */
    countedSince: z.iso.date().nullable(),
  }),
});

export const savedView = z.object({
  id: id('svw'),
  name: z.string(),
  /** Everybody finds it; else only who made it. */
  isForTeam: z.boolean(),
  /** The page, and what stands behind the question mark of its address. */
  path: z.string(),
  query: z.string(),
  userName: z.string(),
  isOwn: z.boolean(),
  mayChange: z.boolean(),
});
export type SavedView = z.infer<typeof savedView>;

const viewName = z.string().trim().min(1, 'Give it a name.').max(80);

/** Own views and those for the team, by name. */
export const listSavedViews = endpoint({
  method: 'GET',
  path: '/saved-views',
  response: z.object({ items: z.array(savedView) }),
});

export const saveView = endpoint({
  method: 'POST',
  path: '/saved-views',
  body: z.object({
    name: viewName,
    isForTeam: z.boolean().default(false),
    path: z
      .string()
      .max(200)
      .regex(/^\/[a-z0-9][a-z0-9/_-]*$/i, 'This must be a page of the app.'),
    query: z.string().max(4000).default(''),
  }),
  response: savedView,
});

const params = z.object({ savedViewId: id('svw') });

export const changeView = endpoint({
  method: 'PATCH',
  path: '/saved-views/:savedViewId',
  params,
  body: z.object({ name: viewName, isForTeam: z.boolean(), query: z.string().max(4000) }).partial(),
  response: savedView,
});

/** For a while it can be brought back. */
export const deleteView = endpoint({ method: 'DELETE', path: '/saved-views/:savedViewId', params });

export const restoreView = endpoint({
  method: 'POST',
  path: '/saved-views/:savedViewId/restore',
  params,
  response: savedView,
  status: 200,
});
