import type { Context } from '../context.ts';
import { readSettings } from '../settings/service.ts';
import { countChunk } from './chunk.ts';
import { lockCounting } from './mark-queries.ts';
import { listVisitMonths } from './reading-queries.ts';
import { type Fault, listMonthFaults, listMoveFaults, listReadingFaults } from './verify-queries.ts';

export interface Verification {
  readings: Fault[];
  months: Fault[];
  moves: Fault[];
}

/**
 * Counts what waits, and then recounts everything from raw rows in another way. Nobody else counts meanwhile, and both see
 * the database as it stood at one moment, so whatever is found is a fault, though the app goes on.
 */
export async function verifyRollups({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<Verification> {
  return db.transaction().execute(async (holding) => {
    await lockCounting(holding);
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        while (await countChunk(trx, clock()));
        const { timeZone } = await readSettings(trx);
        const readings: Fault[] = [];
        for (const months of await listVisitMonths(trx))
          readings.push(...(await listReadingFaults(trx, months, timeZone)));
        return { readings, months: await listMonthFaults(trx, timeZone), moves: await listMoveFaults(trx) };
      });
  });
}
