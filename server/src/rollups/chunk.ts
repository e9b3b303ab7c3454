import type { Database } from '../db/database.ts';
import { readSettings } from '../settings/service.ts';
import { expandMarks, findRollupState, type Marked, takeMarks, updateRollupState } from './mark-queries.ts';
import { type AssetMonth, countMonths, deleteLostAssets } from './month-queries.ts';
import { countMoves, listReadDaysOfAccounts } from './move-queries.ts';
import {
  type AssetDay,
  countReadings,
  deleteReadingsOfLinks,
  followLostReadings,
} from './reading-queries.ts';
import { rebuildInside } from './rebuild.ts';

/** A transaction counts so much and no more, so that it ends within seconds. */
const marksOfChunk = 10_000;

/** Takes marks and counts what they name, in the caller's transaction; whether more may wait. */
export async function countChunk(trx: Database, now: Date): Promise<boolean> {
  const [state, { timeZone }] = await Promise.all([findRollupState(trx), readSettings(trx)]);
  if (state.timeZone !== timeZone) {
    await rebuildInside(trx, timeZone, now);
    return false;
  }
  const { takenCount, marked } = await takeMarks(trx, marksOfChunk, timeZone);
  const hasExpanded = takenCount > 0 && (await countMarked(trx, marked, timeZone));
  const isMoreLeft = takenCount === marksOfChunk || hasExpanded;
  // Everything that was there when the chunk began is counted, if the chunk took it all.
  if (!isMoreLeft) await updateRollupState(trx, { countedAt: now });
  return isMoreLeft;
}

async function countMarked(trx: Database, marked: Marked[], timeZone: string): Promise<boolean> {
  const keysOf = (kind: string) => marked.filter((mark) => mark.kind === kind).map(({ key }) => key);
  const hasExpanded = await expandMarks(trx, marked);
  const visits = { ids: keysOf('visit') };
  const days: AssetDay[] = [
    ...(await deleteReadingsOfLinks(trx, keysOf('lost_link'))),
    ...(visits.ids.length > 0 ? await countReadings(trx, visits, timeZone) : []),
    ...(visits.ids.length > 0 ? await followLostReadings(trx, visits, timeZone) : []),
  ];
  const months = marked.flatMap(({ kind, key, month }): AssetMonth[] =>
    kind === 'asset' && month !== null ? [{ assetId: key, month }] : [],
  );
  await countMonths(trx, [...months, ...monthsOfDays(days)], timeZone);
  await countMoves(trx, [...days, ...(await listReadDaysOfAccounts(trx, keysOf('deal')))]);
  await deleteLostAssets(trx, keysOf('lost_asset'));
  return hasExpanded;
}

function monthsOfDays(days: AssetDay[]): AssetMonth[] {
  const keys = new Set(days.map(({ assetId, day }) => `${assetId} ${day.slice(0, 7)}-01`));
  return [...keys].map((key) => {
    const [assetId = '', month = ''] = key.split(' ');
    return { assetId, month };
  });
}
