import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { type KeptKind, type PrivacyMode, type Settings, settings } from './contract.ts';
import { addSweep, knowsTimeZone, listSettingRows, upsertSetting } from './queries.ts';

const defaults: Settings = {
  privacyMode: 'standard',
  timeZone: 'UTC',
  hitsKeptDays: 90,
  visitsKeptDays: 730,
  searchesKeptDays: 365,
  notificationsKeptDays: 90,
};

/** What was decided, with the default for what was not. */
export async function readSettings(db: Database): Promise<Settings> {
  const rows = await listSettingRows(db);
  return settings.parse({ ...defaults, ...Object.fromEntries(rows.map(({ key, value }) => [key, value])) });
}

export async function changeSettings(
  { db, clock, log }: Context,
  actor: Actor,
  changes: Partial<Settings>,
): Promise<Settings> {
  if (changes.timeZone !== undefined && !(await knowsTimeZone(db, changes.timeZone))) {
    const detail = 'The database does not know this time zone. Choose another one of the same hours.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/timeZone', detail }]);
  }
  await db.transaction().execute(async (trx) => {
    for (const [key, value] of Object.entries(changes))
      await upsertSetting(trx, { key, value, changedByUserId: actor.userId, changedAt: clock() });
  });
  log.info({ event: 'settings_changed', keys: Object.keys(changes), userId: actor.userId });
  return readSettings(db);
}

/** When what is older than that many days goes. */
export function keptSince(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}

/** For the features that apply what was decided to their own rows. */
export async function noteSweep(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  kind: KeptKind,
  deletedCount: number,
): Promise<void> {
  await addSweep(db, { kind, deletedCount, sweptAt: clock() });
}

const rememberedMs = 5_000;

/**
 * Reads the privacy mode as every share page needs it: remembered for a few seconds, and read anew as soon as somebody
 * changed a setting. While the database is away the last one holds, and as long as nobody can say, the strict one.
 */
export function createPrivacyModeReader({ db, listener }: Pick<Context, 'db' | 'listener'>) {
  let known: PrivacyMode = 'strict';
  let readAt = Number.NEGATIVE_INFINITY;
  let changeCount = 0;
  const forget = () => {
    changeCount += 1;
    readAt = Number.NEGATIVE_INFINITY;
  };
  listener.on('share_changed', (key) => {
    if (Object.hasOwn(defaults, key)) forget();
  });
  listener.onGap(forget);
  return async (): Promise<PrivacyMode> => {
    if (performance.now() - readAt < rememberedMs) return known;
    const [askedAt, changesBefore] = [performance.now(), changeCount];
    try {
      known = (await readSettings(db)).privacyMode;
      if (changeCount === changesBefore) readAt = askedAt;
    } catch {
      // What holds is what was known last.
    }
    return known;
  };
}

/** Global Privacy Control is always honoured, Do Not Track where the instance is strict; otherwise it means no cookie. */
export function asksToBeLeftAlone(headers: IncomingHttpHeaders, privacyMode: PrivacyMode): boolean {
  return headers['sec-gpc'] === '1' || (privacyMode === 'strict' && headers.dnt === '1');
}
