import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { settleFollowedUp } from '../notifications/service.ts';
import { recipientOf } from '../shares/service.ts';
import { dealValueOf, findWaiting, weigh } from './act-now.ts';
import { type ActNowEntry, actWithinDays, type FollowUp, followUpKind, mostSnoozeDays } from './contract.ts';
import { erasePerson, exportPerson } from './person-queries.ts';
import {
  countHiddenVisits,
  deleteSnooze,
  findFollowUp,
  findLink,
  findTeam,
  hasVisited,
  insertFollowUp,
  type LinkRow,
  type listFollowUps,
  listLinks,
  listOpenDealValues,
  listSnoozes,
  listWaitingVisits,
  markFollowUpUndone,
  upsertSnooze,
  type Whose,
} from './queries.ts';

// What privacy asks of every feature that keeps something of people.
export { erasePerson, exportPerson };

const dayMs = 86_400_000;
const mostEntries = 50;

/** Since when reading is a reason to act. */
export function actSince(now: Date): Date {
  return new Date(now.getTime() - actWithinDays * dayMs);
}

export async function readActNow({ db, clock }: Context, actor: Actor, whose: 'own' | 'team') {
  const now = clock();
  const since = actSince(now);
  const [visits, snoozes] = await Promise.all([
    listWaitingVisits(db, await scopeOf(db, actor, whose), since),
    listSnoozes(db, actor.userId, now),
  ]);
  const visitsOf = Map.groupBy(visits, ({ shareLinkId }) => shareLinkId);
  const links = await listLinks(db, [...visitsOf.keys()]);
  const waiting = links.flatMap((link) => {
    const found = findWaiting(link, visitsOf.get(link.shareLinkId) ?? [], now);
    return found ? [{ link, found }] : [];
  });
  const [hidden, values] = await Promise.all([
    countHiddenVisits(
      db,
      waiting.map(({ link }) => link.shareLinkId),
      since,
    ),
    listOpenDealValues(db, [...new Set(waiting.flatMap(({ link }) => link.accountId ?? []))]),
  ]);
  const entries = waiting
    .map(
      ({ link, found }): ActNowEntry => ({
        ...titleOf(link),
        recipient: recipientOf(link),
        senderName: link.senderName,
        isOwn: link.createdByUserId === actor.userId,
        hiddenCount: hidden.get(link.shareLinkId) ?? 0,
        snoozedUntil: snoozes.get(link.shareLinkId) ?? null,
        ...found,
        ...dealValueOf(link.accountId, values),
      }),
    )
    .toSorted((a, b) => weigh(b, now) - weigh(a, now));
  const due = entries.filter(({ snoozedUntil }) => snoozedUntil === null);
  return {
    items: due.slice(0, mostEntries),
    snoozed: entries
      .filter(({ snoozedUntil }) => snoozedUntil !== null)
      .toSorted((a, b) => (a.snoozedUntil?.getTime() ?? 0) - (b.snoozedUntil?.getTime() ?? 0))
      .slice(0, mostEntries),
    totalCount: due.length,
    overdueCount: due.filter(({ isOverdue }) => isOverdue).length,
    asOf: now,
  };
}

async function scopeOf(db: Database, actor: Actor, whose: 'own' | 'team'): Promise<Whose> {
  if (whose === 'own') return { userId: actor.userId };
  if (!seesEverybodys(actor))
    throw new Problem(
      'forbidden',
      'Managers and marketing see what their team has to do. Yours is under “own”.',
    );
  const team = actor.role === 'manager' ? await findTeam(db, actor.userId) : null;
  return team === null ? 'everybody' : { team };
}

/** Managers, marketing and admins see what became of everybody's share links, page by page. */
export function seesEverybodys({ role }: Actor): boolean {
  return role !== 'rep';
}

/** A share link of the actor's own, or anybody's for those who see everybody's; another is as good as missing. */
export async function getVisibleLink(db: Database, actor: Actor, shareLinkId: string): Promise<LinkRow> {
  const link = await findLink(db, shareLinkId);
  if (!link || (link.createdByUserId !== actor.userId && !seesEverybodys(actor)))
    throw new Problem('not_found', 'You have no share link with this id.');
  return link;
}

export function titleOf({ shareLinkId, assetId, roomId, title, pageCount, durationMs }: LinkRow) {
  return { shareLinkId, assetId, roomId, title, pageCount, durationMs };
}

export function toFollowUp(
  row: Awaited<ReturnType<typeof listFollowUps>>[number],
  { userId }: Actor,
): FollowUp {
  return { ...row, kind: followUpKind.parse(row.kind), isOwn: row.userId === userId };
}

interface FollowUpInput {
  kind: FollowUp['kind'];
  note: string;
  visitorId: string | null;
}

/** Settles what was read until now of this and the sender's other share links to the same recipient. */
export async function noteFollowUp(
  ctx: Context,
  actor: Actor,
  shareLinkId: string,
  input: FollowUpInput,
): Promise<FollowUp> {
  const id = newId('fup');
  const followedUpAt = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    await getVisibleLink(trx, actor, shareLinkId);
    if (input.visitorId !== null && !(await hasVisited(trx, shareLinkId, input.visitorId)))
      throw new Problem('not_found', 'Nobody of this id has opened the share link.');
    await insertFollowUp(trx, { id, shareLinkId, userId: actor.userId, followedUpAt, ...input });
    await deleteSnooze(trx, shareLinkId, actor.userId);
    await settleFollowedUp(trx, { shareLinkId, visitorId: input.visitorId, at: followedUpAt });
  });
  ctx.log.info({ event: 'followed_up', shareLinkId, userId: actor.userId });
  const { kind, note } = input;
  return { id, shareLinkId, kind, note, byName: actor.name, isOwn: true, followedUpAt };
}

export async function takeBackFollowUp(ctx: Context, actor: Actor, followUpId: string): Promise<void> {
  const found = await findFollowUp(ctx.db, followUpId);
  if (found?.userId !== actor.userId)
    throw new Problem('not_found', 'You have noted no follow-up with this id.');
  await markFollowUpUndone(ctx.db, followUpId, ctx.clock());
  ctx.log.info({ event: 'follow_up_undone', shareLinkId: found.shareLinkId, userId: actor.userId });
}

export async function snooze(ctx: Context, actor: Actor, shareLinkId: string, until: Date): Promise<void> {
  const now = ctx.clock();
  const latest = new Date(now.getTime() + mostSnoozeDays * dayMs);
  if (until <= now || until > latest) {
    const detail = `Choose a moment within the next ${mostSnoozeDays.toString()} days.`;
    throw new Problem('invalid_request', detail, [{ pointer: '/body/until', detail }]);
  }
  await getVisibleLink(ctx.db, actor, shareLinkId);
  await upsertSnooze(ctx.db, { shareLinkId, userId: actor.userId, untilAt: until });
}

export async function unsnooze(ctx: Context, actor: Actor, shareLinkId: string): Promise<void> {
  await getVisibleLink(ctx.db, actor, shareLinkId);
  await deleteSnooze(ctx.db, shareLinkId, actor.userId);
}
