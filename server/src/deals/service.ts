import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { findWorth, listUnconverted } from './currency-queries.ts';
import { findDeal } from './deal-list.ts';
import { lockDeals } from './deal-queries.ts';
import { type FileDeal, type RowError, readDealsFile } from './deals-file.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import { countSteps, type DealCounts, type DealInput, planSteps, writeDeals } from './write.ts';

// Which open and closed deals are left out of sums because nobody said what their currency is worth.
// One deal as everybody may see it, and what it is worth in the base currency.
// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson, findDeal, findWorth, listUnconverted };

export interface DealPlan extends DealCounts {
  errors: RowError[];
}

/** What importing this deals.csv would change. */
export async function planDeals(db: Database, csvText: string): Promise<DealPlan> {
  const { deals, errors } = readDealsFile(csvText);
  return { ...countSteps(await planSteps(db, deals.map(complete))), errors };
}

/** Takes the rows that can be taken, known by their external_id. A second run changes nothing. */
export async function importDeals(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  csvText: string,
  isSample = false,
): Promise<DealPlan> {
  const { deals, errors } = readDealsFile(csvText);
  const steps = await db.transaction().execute(async (trx) => {
    await lockDeals(trx);
    return writeDeals(trx, deals.map(complete), { now: clock(), isSample });
  });
  return { ...countSteps(steps), errors };
}

function complete(deal: FileDeal): DealInput {
  return { ...deal, name: null, contact: null };
}
