import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { isHuman } from '../judging/human-opens.ts';
import { recipientOf, stateOf } from '../shares/service.ts';
import { activeMsOf, countReadPages } from '../tracking/reading.ts';
import { judgeForwardingOf } from '../tracking/service.ts';
import { listOpenedIn, listStages } from './account-queries.ts';
import type { AccountEvent, SentToAccount } from './contract.ts';
import { type LinkRow, listFollowUps, listVisitsOf, type VisitRow } from './queries.ts';
import { countReaders, hasRead, pagesOf, readerOf } from './read-visits.ts';
import { seesEverybodys, titleOf, toFollowUp } from './service.ts';

const mostVisits = 500;
const mostEvents = 300;

interface StoryDeal {
  id: string;
  outcome: 'open' | 'won' | 'lost';
  closedAt: Date | null;
}

/** What became of these share links and how these deals moved, newest first, for the page of an account or of a deal. */
export async function tellStory(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  actor: Actor,
  links: readonly LinkRow[],
  deals: readonly StoryDeal[],
): Promise<{ shareLinks: SentToAccount[]; events: AccountEvent[]; isCut: boolean; asOf: Date }> {
  const now = clock();
  const linkIds = links.map(({ shareLinkId }) => shareLinkId);
  const [visits, followUps, stages] = await Promise.all([
    listVisitsOf(db, linkIds, mostVisits),
    listFollowUps(db, linkIds),
    listStages(
      db,
      deals.map(({ id }) => id),
      mostEvents,
    ),
  ]);
  const mayTell = (link: LinkRow) => seesEverybodys(actor) || link.createdByUserId === actor.userId;
  const visitsOf = Map.groupBy(visits, ({ shareLinkId }) => shareLinkId);
  const told = new Set(links.filter(mayTell).map(({ shareLinkId }) => shareLinkId));
  const [opened, forwardings] = await Promise.all([
    listOpenedIn(
      db,
      visits.filter((visit) => told.has(visit.shareLinkId) && isHuman(visit)).map(({ id }) => id),
    ),
    Promise.all(
      links
        .filter(({ shareLinkId }) => told.has(shareLinkId) && mayBeOthers(visitsOf.get(shareLinkId) ?? []))
        .map(async ({ shareLinkId }) => [shareLinkId, await judgeForwardingOf(db, shareLinkId)] as const),
    ),
  ]);
  const openedIn = Map.groupBy(opened, ({ visitId }) => visitId);
  const forwardingOf = new Map(forwardings);
  const lastFollowUp = new Map(followUps.toReversed().map((row) => [row.shareLinkId, row]));
  const shareLinks = links.map((link): SentToAccount => {
    const theirs = visitsOf.get(link.shareLinkId) ?? [];
    const followUp = lastFollowUp.get(link.shareLinkId);
    return {
      ...titleOf(link),
      recipient: recipientOf(link),
      senderName: link.senderName,
      isOwn: link.createdByUserId === actor.userId,
      sentAt: link.createdAt,
      state: stateOf(link, now),
      lastFollowUp: followUp ? toFollowUp(followUp, actor) : null,
      forwarding: forwardingOf.get(link.shareLinkId) ?? null,
      ...outcomeOf(theirs, mayTell(link)),
    };
  });
  const events = [
    ...links.map(
      (link): AccountEvent => ({
        kind: 'sent',
        at: link.createdAt,
        shareLinkId: link.shareLinkId,
        isByProspect: link.isByProspect,
      }),
    ),
    ...links.flatMap((link) =>
      (visitsOf.get(link.shareLinkId) ?? [])
        .filter(isHuman)
        .map((visit) => openedEvent(visit, openedIn.get(visit.id) ?? [], mayTell(link))),
    ),
    ...followUps.map(
      (row): AccountEvent => ({
        kind: 'followed_up',
        at: row.followedUpAt,
        shareLinkId: row.shareLinkId,
        followUp: toFollowUp(row, actor),
      }),
    ),
    ...stages.map(
      ({ dealId, stage, enteredAt }): AccountEvent => ({ kind: 'deal_moved', at: enteredAt, dealId, stage }),
    ),
    ...deals.flatMap(({ id, outcome, closedAt }): AccountEvent[] =>
      closedAt && outcome !== 'open' ? [{ kind: 'deal_closed', at: closedAt, dealId: id, outcome }] : [],
    ),
  ]
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return {
    shareLinks,
    events: events.slice(0, mostEvents),
    isCut: events.length > mostEvents || visits.length === mostVisits,
    asOf: now,
  };
}

function outcomeOf(visits: readonly VisitRow[], tellsTimes: boolean) {
  const human = visits.filter(isHuman);
  const read = human.filter(hasRead);
  const latest = (rows: readonly VisitRow[]) => rows[0]?.startedAt ?? null;
  return {
    readerCount: countReaders(visits),
    readPageCount: countReadPages(human),
    activeMs: tellsTimes ? human.reduce((sum, visit) => sum + activeMsOf(visit), 0) : null,
    lastReadAt: latest(read),
    lastOpenedAt: latest(human),
  };
}

/** Whoever comes alone and says nothing of themselves is the one whom it was made for. */
function mayBeOthers(visits: readonly VisitRow[]): boolean {
  return new Set(visits.map(({ visitorId }) => visitorId)).size > 1 || visits.some(({ email }) => email);
}

type Opened = Awaited<ReturnType<typeof listOpenedIn>>;

function openedEvent(visit: VisitRow, opened: Opened, tellsTimes: boolean): AccountEvent {
  return {
    kind: 'opened',
    at: visit.startedAt,
    shareLinkId: visit.shareLinkId,
    visitId: visit.id,
    reader: readerOf(visit),
    judgedAs: visit.class === 'human-confirmed' ? 'human-confirmed' : 'human-likely',
    readPageCount: countReadPages([visit]),
    hasDownloaded: visit.hasDownloaded,
    activeMs: tellsTimes ? activeMsOf(visit) : null,
    pages: tellsTimes ? pagesOf(visit) : [],
    opened,
  };
}
