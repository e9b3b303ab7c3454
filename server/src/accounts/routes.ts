import type { IRouter } from 'express';
import type { Context } from '../context.ts';
import { everyUser } from '../http/actor.ts';
import { route } from '../http/route.ts';
import * as contract from './contract.ts';
import { findAccountRows, findContactRows } from './queries.ts';

export function mountAccounts(router: IRouter, { db }: Context): void {
  route(router, contract.findAccounts, everyUser, async ({ query }) => {
    const rows = await findAccountRows(db, query.query);
    return { items: rows.map((row) => ({ ...row, openDealCount: row.openDealCount ?? 0 })) };
  });

  route(router, contract.findContacts, everyUser, async ({ query }) => ({
    items: await findContactRows(db, query.query),
  }));
}
