import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { isMuted } from '../notifications/service.ts';
import { policyNote } from '../shares/contract.ts';
import { recipientOf, stateOf } from '../shares/service.ts';
import type { Visit } from '../tracking/contract.ts';
import { listVisits } from '../tracking/service.ts';
import { findWaiting } from './act-now.ts';
import { listChanges, listRoomChanges } from './change-queries.ts';
import type { LinkEvent, LinkTimeline } from './contract.ts';
import {
  type LinkRow,
  listChildren,
  listFollowUps,
  listQuestions,
  listSnoozes,
  listVersionLengths,
  listVisitsOf,
  listWaitingVisits,
} from './queries.ts';
import { countReaders } from './read-visits.ts';
import { actSince, getVisibleLink, titleOf, toFollowUp } from './service.ts';

const mostVisits = 500;

/** What happened to one share link, from its making to now. */
export async function readTimeline(ctx: Context, actor: Actor, shareLinkId: string): Promise<LinkTimeline> {
  const { db, clock } = ctx;
  const link = await getVisibleLink(db, actor, shareLinkId);
  const now = clock();
  const [visits, maybePeople, waitingVisits, followUps, children, changes, items, questions, snoozes, mute] =
    await Promise.all([
      listVisits(ctx, actor, shareLinkId),
      listVisitsOf(db, [shareLinkId], mostVisits),
      listWaitingVisits(db, { shareLinkId }, actSince(now)),
      listFollowUps(db, [shareLinkId]),
      listChildren(db, shareLinkId),
      listChanges(db, shareLinkId),
      link.roomId === null ? [] : listRoomChanges(db, link.roomId, link.createdAt),
      listQuestions(db, shareLinkId),
      listSnoozes(db, actor.userId, now),
      isMuted(db, actor.userId, shareLinkId),
    ]);
  const waiting = findWaiting(link, waitingVisits, now);
  const state = stateOf(link, now);
  const versionIds = visits.items.flatMap(({ opened }) => opened.map((each) => each.assetVersionId));
  return {
    ...titleOf(link),
    recipient: recipientOf(link),
    senderName: link.senderName,
    isOwn: link.createdByUserId === actor.userId,
    isMuted: mute,
    state,
    versions: await listVersionLengths(db, [...new Set(versionIds)]),
    events: [
      ...eventsOfLink(link, changes, state === 'expired'),
      ...items.flatMap((item) => eventsOfItem(item, link.createdAt)),
      ...visits.items.flatMap(eventsOfVisit),
      ...children.map(
        (child): LinkEvent => ({
          kind: 'forwarded',
          at: child.createdAt,
          shareLinkId: child.shareLinkId,
          recipientName: child.recipientName,
          isByProspect: child.isByProspect,
        }),
      ),
      ...followUps.map(
        (row): LinkEvent => ({ kind: 'followed_up', at: row.followedUpAt, followUp: toFollowUp(row, actor) }),
      ),
      ...questions.map(
        ({ id: questionId, askedAt, askedByName, ...question }): LinkEvent => ({
          kind: 'asked',
          at: askedAt,
          questionId,
          byName: askedByName || link.recipientName,
          ...question,
        }),
      ),
    ].toSorted((a, b) => b.at.getTime() - a.at.getTime()),
    readerCount: countReaders(maybePeople),
    visitorCounts: visits.visitorCounts,
    forwarding: visits.forwarding,
    linkHitCount: visits.linkHitCount,
    waiting: waiting
      ? {
          dueAt: waiting.dueAt,
          isOverdue: waiting.isOverdue,
          snoozedUntil: snoozes.get(shareLinkId) ?? null,
        }
      : null,
    asOf: now,
  };
}

type Change = Awaited<ReturnType<typeof listChanges>>[number];

function eventsOfLink(link: LinkRow, changes: Change[], hasExpired: boolean): LinkEvent[] {
  const { parentShareLinkId, parentRecipientName, expiresAt, revokedAt, mailedAt } = link;
  const isNoted = changes.some(({ changedAt }) => changedAt.getTime() === revokedAt?.getTime());
  return [
    ...changes.flatMap(eventOfChange),
    // Without anybody who did it: it was erased with the person whom it was for.
    ...(revokedAt && !isNoted ? [{ kind: 'revoked' as const, at: revokedAt, byName: null }] : []),
    ...(hasExpired && expiresAt ? [{ kind: 'expired' as const, at: expiresAt }] : []),
    ...(mailedAt ? [{ kind: 'mailed' as const, at: mailedAt }] : []),
    {
      kind: 'made',
      at: link.createdAt,
      byName: changes.find(({ kind }) => kind === 'transferred')?.fromName ?? link.senderName,
      forwardedFrom: parentShareLinkId
        ? { shareLinkId: parentShareLinkId, recipientName: parentRecipientName ?? '' }
        : null,
      isByProspect: link.isByProspect,
    },
  ];
}

function eventOfChange({ kind, policy, fromName, toName, byName, changedAt: at }: Change): LinkEvent[] {
  switch (kind) {
    case 'revoked':
    case 'restored':
      return [{ kind, at, byName }];
    case 'transferred':
      return [{ kind, at, fromName, toName, byName }];
    case 'policy':
      return [{ kind: 'changed', at, byName, policy: policyNote.parse(policy) }];
    default:
      return [];
  }
}

type Item = Awaited<ReturnType<typeof listRoomChanges>>[number];

/** What was in the room when it was sent came with it. */
function eventsOfItem({ assetId, title, addedAt, removedAt }: Item, sentAt: Date): LinkEvent[] {
  return [
    ...(addedAt > sentAt ? [{ kind: 'item_added' as const, at: addedAt, assetId, title }] : []),
    ...(removedAt && removedAt > sentAt
      ? [{ kind: 'item_removed' as const, at: removedAt, assetId, title }]
      : []),
  ];
}

function eventsOfVisit(visit: Visit): LinkEvent[] {
  const { id, visitor, opened } = visit;
  const reader = {
    visitorId: visitor.id,
    keyKind: visitor.keyKind,
    name: visitor.name,
    email: visitor.email,
  };
  return [
    ...opened.flatMap(({ downloadedAt, title }): LinkEvent[] =>
      downloadedAt ? [{ kind: 'download', at: downloadedAt, visitId: id, reader, title }] : [],
    ),
    { kind: 'visit', at: visit.startedAt, visit },
  ];
}
