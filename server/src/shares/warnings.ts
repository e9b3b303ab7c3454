import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { isRead } from '../rendering/service.ts';
import type { ShareTarget, ShareWarning } from './contract.ts';
import {
  type EarlierShare,
  listEarlierShares,
  listSeenPages,
  listSharedContent,
  type WarnedRecipient,
} from './warning-queries.ts';

const dayMs = 86_400_000;
/** What was sent longer ago than this keeps nobody from sending it again. */
const rememberedMs = 365 * dayMs;
const soonMs = 14 * dayMs;
/** More than this nobody reads before sending. */
const mostSentBefore = 3;

type WarningOf<Kind extends ShareWarning['kind']> = Extract<ShareWarning, { kind: Kind }>;

/** What a sender should know before sharing; nothing where there is nothing to say. */
export async function listShareWarnings(
  { db, clock }: Context,
  actor: Actor,
  target: ShareTarget,
  recipients: WarnedRecipient[],
): Promise<{ items: ShareWarning[] }> {
  const now = clock();
  const content = await listSharedContent(db, {
    assetId: 'assetId' in target ? target.assetId : null,
    roomId: 'roomId' in target ? target.roomId : null,
  });
  const visible = content.filter(({ status }) => status === 'published' || actor.role !== 'rep');
  const earlier =
    recipients.length === 0
      ? []
      : await listEarlierShares(
          db,
          visible.map(({ assetId }) => assetId),
          recipients,
          new Date(now.getTime() - rememberedMs),
        );
  const items: ShareWarning[] = visible.flatMap((asset) => [
    ...(asset.audience === 'internal' ? [{ kind: 'internal_only' as const, title: asset.title }] : []),
    ...(asset.status === 'published'
      ? []
      : [{ kind: 'not_published' as const, title: asset.title, status: asset.status }]),
    ...(asset.fault !== null && asset.failedSince
      ? [
          {
            kind: 'dead_web_link' as const,
            title: asset.title,
            since: asset.failedSince,
            reason: asset.fault,
          },
        ]
      : []),
    ...reviewDue(asset, now),
  ]);
  return {
    items: [...items, ...(await describeEarlier({ db, actor, earlier, visible })), ...listHeld(earlier)],
  };
}

function reviewDue({ title, reviewOn }: { title: string; reviewOn: string | null }, now: Date) {
  if (reviewOn === null) return [];
  const leftMs = Date.parse(reviewOn) - now.getTime();
  if (leftMs > soonMs) return [];
  return [{ kind: 'review_due' as const, title, reviewOn, isPast: leftMs + dayMs <= 0 }];
}

interface Earlier {
  db: Context['db'];
  actor: Actor;
  earlier: EarlierShare[];
  visible: { assetId: string }[];
}

/** The newest to each recipient, else to their account, with what people read of it. */
async function describeEarlier({
  db,
  actor,
  earlier,
  visible,
}: Earlier): Promise<WarningOf<'sent_before'>[]> {
  const chosen = newestFirstOfEach(earlier).slice(0, mostSentBefore);
  if (chosen.length === 0) return [];
  const seen = await listSeenPages(
    db,
    chosen.map(({ shareLinkId }) => shareLinkId),
    visible.map(({ assetId }) => assetId),
  );
  return chosen.map((share) => {
    const pages = seen.filter(({ shareLinkId }) => shareLinkId === share.shareLinkId);
    return {
      kind: 'sent_before',
      scope: share.scope,
      recipientName: share.recipientName,
      accountId: share.accountId,
      accountName: share.accountName,
      byName: share.byName,
      isOwn: share.createdByUserId === actor.userId,
      sentAt: share.sentAt,
      ...(pages.length === 0
        ? { readPageCount: null, pageCount: null, lastOpenedAt: null }
        : {
            readPageCount: countRead(pages),
            pageCount: share.pageCount,
            lastOpenedAt: new Date(Math.max(...pages.map(({ startedAt }) => startedAt.getTime()))),
          }),
    };
  });
}

function countRead(pages: Awaited<ReturnType<typeof listSeenPages>>): number {
  const read = pages.filter(
    ({ pageNumber, activeMs, wordCount }) => pageNumber !== null && isRead(activeMs, wordCount ?? 0),
  );
  return new Set(read.map(({ assetVersionId, pageNumber }) => `${assetVersionId} ${pageNumber}`)).size;
}

/** What went to the person says more than what went to a colleague of theirs. */
function newestFirstOfEach(earlier: EarlierShare[]): EarlierShare[] {
  const byPlace = Map.groupBy(earlier, ({ place }) => place);
  const firsts = [...byPlace.values()].flatMap(
    (shares) => shares.find(({ scope }) => scope === 'person') ?? shares[0] ?? [],
  );
  return [...new Map(firsts.map((share) => [share.shareLinkId, share])).values()];
}

/** Somebody there looks at a version that has been replaced, and will go on doing so. */
function listHeld(earlier: EarlierShare[]): WarningOf<'older_version_held'>[] {
  const held = earlier.find(
    ({ pinnedNumber, currentNumber }) => (pinnedNumber ?? currentNumber) < currentNumber,
  );
  if (!held) return [];
  const { recipientName, byName, pinnedNumber, currentNumber } = held;
  return [
    {
      kind: 'older_version_held',
      recipientName,
      byName,
      number: pinnedNumber ?? currentNumber,
      currentNumber,
    },
  ];
}
