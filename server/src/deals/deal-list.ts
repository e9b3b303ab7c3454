import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { DealListItem, listDeals as listEndpoint } from './contract.ts';
import {
  type DealListRow,
  type DealPlace,
  findDealRow,
  hasDeals,
  listDealRows,
  sumDeals,
} from './list-queries.ts';

/** More different ones say that stages are not stages, and nobody chooses among them. */
const mostStages = 50;

const numeral = z.string().regex(/^-?\d+(\.\d+)?$/);
const amountPlace = z.tuple([z.literal('amount'), numeral, numeral, z.string()]);
const changePlace = z.tuple([
  z.literal('changed'),
  z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  z.string(),
]);

type Asked = z.output<(typeof listEndpoint)['query']>;

/** Deals of everybody: who works on which deal is no secret among colleagues. */
export async function listDeals({ db, clock }: Context, actor: Actor, asked: Asked) {
  const { cursor, limit, sort, whose, stage, accountId = null, accountName = null, ...rest } = asked;
  const search = {
    ...rest,
    stages: stage,
    ownerEmail: whose === 'own' ? actor.email : null,
    accountId,
    accountName,
  };
  const after = cursor === undefined ? null : readPlace(cursor, sort);
  const [rows, sums, hasAny] = await Promise.all([
    listDealRows(db, search, { sort, after, limit: limit + 1 }),
    sumDeals(db, search),
    hasDeals(db),
  ]);
  const chosen = stage.length > 0 ? sums.filter((sum) => stage.includes(sum.stage)) : sums;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toDealItem),
    nextCursor: last && rows.length > limit ? writePlace(last, sort) : null,
    totalCount: countDeals(chosen),
    totals: totalsOf(chosen),
    stages: [...Map.groupBy(sums, (sum) => sum.stage)]
      .slice(0, mostStages)
      .map(([name, ofStage]) => ({ stage: name, dealCount: countDeals(ofStage) })),
    hasAny,
    asOf: clock(),
  };
}

type Sum = Awaited<ReturnType<typeof sumDeals>>[number];

function countDeals(sums: Sum[]): number {
  return sums.reduce((count, { dealCount }) => count + dealCount, 0);
}

/** One amount for each currency: what is worth most in the base currency first, and what nobody can convert after it. */
function totalsOf(sums: Sum[]) {
  return [...Map.groupBy(sums, (sum) => sum.currency)]
    .map(([currency, ofCurrency]) => ({
      currency,
      amount: add(ofCurrency.map(({ amount }) => amount)),
      worth: ofCurrency.some(({ worth }) => worth < 0) ? -1 : add(ofCurrency.map(({ worth }) => worth)),
    }))
    .toSorted((a, b) => b.worth - a.worth || b.amount - a.amount)
    .map(({ currency, amount, worth }) => ({ currency, amount, isConverted: worth >= 0 }));
}

/** To the cent, which amounts have no less than. */
function add(amounts: number[]): number {
  return Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 100) / 100;
}

function readPlace(cursor: string, sort: Asked['sort']): DealPlace {
  if (sort === 'amount') {
    const [by, worth, amount, id] = readCursor(amountPlace, cursor);
    return { by, worth, amount, id };
  }
  const [by, changedAt, id] = readCursor(changePlace, cursor);
  return { by, changedAt, id };
}

function writePlace(row: DealListRow, sort: Asked['sort']): string {
  return writeCursor(
    sort === 'amount' ? [sort, row.worthText, row.amountText, row.id] : [sort, row.changedAtText, row.id],
  );
}

function toDealItem(row: DealListRow): DealListItem {
  const { changedAtText: _changed, amountText: _amount, worthText: _worth, ...item } = row;
  return item;
}

/** One deal as everybody may see it; undefined where the CRM has none of this id, or not any more. */
export async function findDeal(db: Context['db'], dealId: string): Promise<DealListItem | undefined> {
  const row = await findDealRow(db, dealId);
  return row && toDealItem(row);
}
