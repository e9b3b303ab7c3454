import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../http/problem.ts';
import { readSettings } from '../settings/service.ts';
import type { listSliceChoices, readSlice, Slice, Window } from './contract.ts';
import { addDays, countDays, dayOf, startOfDay } from './days.ts';
import {
  countPublishedAssets,
  countSlicedAccounts,
  findFirstCountedDay,
  findLastStatusChange,
  listAccountValues,
  listBuyerSliceIds,
  listTaggedAssetIds,
} from './queries.ts';

/** What a slice comes to: two windows of the same length, and which assets and buyers are meant. */
export interface ResolvedSlice {
  window: Window;
  /** As long, and right before it. */
  before: Window;
  /** Null: every asset. */
  assetIds: string[] | null;
  /** `[0]` stands for everybody, as in the table `buyer_slice`; empty where no account is like that. */
  buyerSliceIds: number[];
}

export async function resolveSlice({ db, clock }: Context, slice: Slice): Promise<ResolvedSlice> {
  const timeZone = await readTimeZone(db);
  const [assetIds, buyerSliceIds] = await Promise.all([
    isOfSomeAssets(slice) ? listTaggedAssetIds(db, termIdsOf(slice)) : null,
    isOfSomeBuyers(slice) ? listBuyerSliceIds(db, slice) : [0],
  ]);
  return { ...windowsOf(slice, clock(), timeZone), assetIds, buyerSliceIds };
}

/** Tells what is counted of one slice from what is counted of others, and of the same before assets came or went. */
export async function nameScope(
  { db }: Pick<Context, 'db'>,
  { window, before, assetIds, buyerSliceIds }: ResolvedSlice,
): Promise<unknown[]> {
  const changeId = await findLastStatusChange(db);
  return [window.start, window.lastDay, before.start, assetIds, buyerSliceIds, changeId];
}

type SliceSummary = z.output<(typeof readSlice)['response']>;

/** The slice as a page says it in words. */
export async function summariseSlice(ctx: Context, slice: Slice): Promise<SliceSummary> {
  const timeZone = await readTimeZone(ctx.db);
  const [assetCount, accountCount] = await Promise.all([
    countPublishedAssets(ctx.db, isOfSomeAssets(slice) ? termIdsOf(slice) : null),
    isOfSomeBuyers(slice) ? countSlicedAccounts(ctx.db, slice) : null,
  ]);
  return { ...windowsOf(slice, ctx.clock(), timeZone), timeZone, assetCount, accountCount };
}

export async function readSliceChoices({
  db,
  clock,
}: Context): Promise<z.output<(typeof listSliceChoices)['response']>> {
  const [timeZone, values, countedSince] = await Promise.all([
    readTimeZone(db),
    listAccountValues(db),
    findFirstCountedDay(db),
  ]);
  const ofKind = (kind: string) =>
    values.filter((row) => row.kind === kind).map(({ value, accountCount }) => ({ value, accountCount }));
  return {
    industries: ofKind('industry'),
    regions: ofKind('region'),
    segments: ofKind('segment'),
    today: dayOf(clock(), timeZone),
    countedSince,
  };
}

async function readTimeZone(db: Database): Promise<string> {
  return (await readSettings(db)).timeZone;
}

function isOfSomeAssets(slice: Slice): boolean {
  return slice.persona.length + slice.product.length + slice.language.length > 0;
}

function isOfSomeBuyers(slice: Slice): boolean {
  return slice.industry.length + slice.region.length + slice.segment.length > 0;
}

/** Any of each list will do, and each list has to be met. */
function termIdsOf(slice: Slice): string[][] {
  return [slice.persona, slice.product, slice.language].filter((termIds) => termIds.length > 0);
}

/** Nobody compares more than three years with the three before; raw answers would never end. */
const mostDays = 3 * 366;
const firstDayOfAll = '2000-01-01';

/** The window of a slice and the one before it, in days as they begin and end in the time zone. */
export function windowsOf(
  slice: Pick<Slice, 'days' | 'from' | 'to'>,
  now: Date,
  timeZone: string,
): { window: Window; before: Window } {
  const today = dayOf(now, timeZone);
  // Where a browser is ahead of the instance, its today is still to come.
  const lastDay = slice.to === undefined || slice.to > today ? today : slice.to;
  const firstDay = slice.from ?? addDays(lastDay, 1 - slice.days);
  if (slice.from && slice.to && slice.to < slice.from)
    refuse('to', `The last day, ${slice.to}, is before the first, ${slice.from}. Swap them.`);
  if (firstDay > lastDay) refuse('from', `The first day, ${firstDay}, is still to come. Today is ${today}.`);
  if (firstDay < firstDayOfAll)
    refuse('from', `The first day, ${firstDay}, is before anything was counted. Choose a later one.`);
  const days = countDays(firstDay, lastDay);
  if (days > mostDays)
    refuse('from', `From ${firstDay} to ${lastDay} is more than three years. Choose a shorter time.`);
  const beforeLastDay = addDays(firstDay, -1);
  return {
    window: daysBetween(firstDay, lastDay, now, timeZone),
    before: daysBetween(addDays(beforeLastDay, 1 - days), beforeLastDay, now, timeZone),
  };
}

function daysBetween(firstDay: string, lastDay: string, now: Date, timeZone: string): Window {
  const lastInstant = startOfDay(addDays(lastDay, 1), timeZone).getTime() - 1;
  return {
    firstDay,
    lastDay,
    start: startOfDay(firstDay, timeZone),
    end: new Date(Math.min(lastInstant, now.getTime())),
  };
}

function refuse(field: 'from' | 'to', detail: string): never {
  throw new Problem('invalid_request', detail, [{ pointer: `/query/${field}`, detail }]);
}
