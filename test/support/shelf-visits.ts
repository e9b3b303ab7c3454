import { sql } from 'kysely';
import { newId, newToken } from '../../server/src/http/ids.ts';
import type { TestApp } from './app.ts';

const classes = [
  'human-likely',
  'human-confirmed',
  'unsure',
  'human-likely',
  'scanner',
  'internal',
  'human-likely',
];
/** In it the clocks of Berlin and New York go forward, on different days. */
const begin = Date.parse('2026-03-01T00:00:00Z');
const spanMinutes = 45 * 24 * 60;

export const pick = <T>(list: T[], number: number): T | undefined => list[number % list.length];
export const at = (number: number) =>
  new Date(begin + (number % spanMinutes) * 60_000 + (number % 60) * 1_000);

interface Shared {
  users: string[];
  assets: { id: string; versionIds: string[] }[];
  links: { id: string; assetIds: string[] }[];
}

/** Visits of a random history, what they read and what is thought of them. */
export function visitSteps({ ctx: { db } }: TestApp, { users, assets, links }: Shared) {
  const visits: { id: string; startedAt: Date; versionIds: string[] }[] = [];

  async function visit(a: number, b: number, c: number) {
    const link = pick(links, a);
    if (!link) return;
    const versionIds = link.assetIds
      .map((assetId) => pick(assets.find(({ id }) => id === assetId)?.versionIds ?? [], b))
      .filter((each) => each !== undefined);
    const [visitorId, id, startedAt] = [newId('vis'), newId('vis'), at(b * 17 + c)];
    await db
      .insertInto('visitor')
      .values({ id: visitorId, keyKind: 'cookie', keyHash: newToken(), createdAt: startedAt })
      .execute();
    await db
      .insertInto('visit')
      .values({ id, shareLinkId: link.id, visitorId, startedAt, lastActiveAt: startedAt })
      .execute();
    for (const assetVersionId of versionIds.slice(0, 1 + (c % 2)))
      await db
        .insertInto('visitVersion')
        .values({ visitId: id, assetVersionId, openedAt: startedAt })
        .execute();
    visits.push({ id, startedAt, versionIds });
    if (c % 4) await judge(visits.length - 1, c, 0);
    await beat(visits.length - 1, b, c);
  }

  /** More of a page, in one of two tabs, and perhaps later than before. */
  async function beat(a: number, b: number, c: number) {
    const ongoing = pick(visits, a);
    const assetVersionId = ongoing && pick(ongoing.versionIds, b);
    if (!ongoing || !assetVersionId) return;
    const activeMs = [500, 2_999, 3_000, 4_500, 9_000, 13_500, 40_000][c % 7] ?? 0;
    const seenAt = new Date(ongoing.startedAt.getTime() + (b % 90) * 1_000);
    await sql`
      insert into page_view
        (visit_id, visit_started_at, tab_key, asset_version_id, page_number, active_ms, first_seen_at, updated_at)
      values (${ongoing.id}, ${ongoing.startedAt}, ${`tab0000${b % 2}`}, ${assetVersionId}, ${1 + (c % 3)}, ${activeMs},
        ${seenAt}, ${seenAt})
      on conflict (visit_id, tab_key, asset_version_id, page_number, visit_started_at) do update
      set active_ms = excluded.active_ms where excluded.active_ms > page_view.active_ms`.execute(db);
    // A beat always changes its visit, in the same statement.
    await sql`
      update visit set last_active_at = greatest(last_active_at, ${c % 3 ? seenAt : ongoing.startedAt}::timestamptz)
      where id = ${ongoing.id}`.execute(db);
    if (c % 11 === 0)
      await db
        .updateTable('visitVersion')
        .set({ downloadedAt: seenAt })
        .where('visitId', '=', ongoing.id)
        .execute();
  }

  async function judge(a: number, b: number, c: number) {
    const ongoing = pick(visits, a);
    if (!ongoing) return;
    await db
      .insertInto('judgement')
      .values({
        visitId: ongoing.id,
        class: pick(classes, b) ?? 'unsure',
        probability: (b % 10) / 10,
        reasons: sql`'[]'`,
        ruleVersion: 1,
        judgedAt: at(b),
        judgedByUserId: c % 3 === 1 ? (pick(users, c) ?? null) : null,
      })
      .execute();
  }

  async function takeJudgementBack(a: number, b: number) {
    const ongoing = pick(visits, a);
    if (!ongoing) return;
    await db
      .updateTable('judgement')
      .set({ undoneAt: at(b) })
      .where('visitId', '=', ongoing.id)
      .where('judgedByUserId', 'is not', null)
      .execute();
  }

  return { visit, beat, judge, takeJudgementBack };
}
