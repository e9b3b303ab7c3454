import * as accounts from '../accounts/service.ts';
import * as activity from '../activity/service.ts';
import * as assets from '../assets/service.ts';
import * as collections from '../collections/service.ts';
import { type Address, withNames } from '../db/address.ts';
import type { Database } from '../db/database.ts';
import * as deals from '../deals/service.ts';
import * as feedback from '../feedback/service.ts';
import * as jobs from '../jobs/person-queries.ts';
import * as notifications from '../notifications/service.ts';
import * as requests from '../requests/service.ts';
import * as rooms from '../rooms/service.ts';
import * as search from '../search/service.ts';
import * as shares from '../shares/service.ts';
import * as tracking from '../tracking/service.ts';
import * as viewing from '../viewing/service.ts';
import { listNames } from './queries.ts';

interface KeepsPeople {
  exportPerson(db: Database, address: Address): Promise<Record<string, object[]>>;
  /** Answers how many rows of each table it changed. */
  erasePerson(db: Database, address: Address, now: Date): Promise<Record<string, number>>;
}

/**
 * Everybody who keeps something of people, in the order in which it is handed out. It is erased from the end, because
 * the contact and the recipient say what else is about the person.
 */
const keepers: readonly KeepsPeople[] = [
  accounts,
  deals,
  shares,
  tracking,
  viewing,
  rooms,
  notifications,
  activity,
  feedback,
  search,
  requests,
  collections,
  assets,
  jobs,
];

/** Only what there is something of. */
export async function collectPerson(db: Database, address: Address): Promise<Record<string, object[]>> {
  const known: Record<string, object[]> = {};
  for (const keeper of keepers) {
    const parts = Object.entries(await keeper.exportPerson(db, address));
    for (const [name, rows] of parts) if (rows.length > 0) known[name] = rows;
  }
  return known;
}

/** In the caller's transaction. A second time it finds nothing. */
export async function forgetPerson(
  db: Database,
  address: Address,
  now: Date,
): Promise<Record<string, number>> {
  const person = withNames(address, await listNames(db, address));
  const changed: Record<string, number> = {};
  for (const keeper of keepers.toReversed()) {
    const counts = Object.entries(await keeper.erasePerson(db, person, now));
    for (const [table, count] of counts) if (count > 0) changed[table] = (changed[table] ?? 0) + count;
  }
  return changed;
}
