import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { listCurrencies, listUnconverted, replaceRates } from './currency-queries.ts';
import { countInfluenceSoon } from './write.ts';

export async function readCurrencies({ db, clock }: Context) {
  const [items, unconverted] = [await listCurrencies(db), await listUnconverted(db)];
  return { base: items.find((row) => row.isBase)?.currency ?? null, items, unconverted, asOf: clock() };
}

interface RatesInput {
  base: string;
  rates: { currency: string; rate: number }[];
}

/** These rates count from now on, for what was and what comes. */
export async function changeCurrencies(ctx: Context, actor: Actor, { base, rates }: RatesInput) {
  const names = rates.map((row) => row.currency);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0)
    throw new Problem('invalid_request', `${names[twice]} is there twice. Give one rate for it.`, [
      { pointer: `/body/rates/${twice}/currency`, detail: 'This currency is there twice.' },
    ]);
  const others = rates.filter((row) => row.currency !== base).map((row) => ({ ...row, isBase: false }));
  const now = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    await replaceRates(trx, [{ currency: base, rate: 1, isBase: true }, ...others], {
      userId: actor.userId,
      now,
    });
    // Which deals are alike depends on what their amounts are worth.
    await countInfluenceSoon(trx, now);
  });
  return readCurrencies(ctx);
}
