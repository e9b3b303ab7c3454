import type { Selectable } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import type { DB } from '../../server/src/db/types.ts';

/*
 * Counts what the rollups count, from raw rows, as the definitions say it and as slowly as need be: rows are read as they
 * stand and looked through in loops. It shares nothing with the product but the shape of the tables.
 */

const tables = [
  'user',
  'account',
  'contact',
  'recipient',
  'asset',
  'assetVersion',
  'assetStatusChange',
  'shareLink',
  'roomItem',
  'search',
  'searchResult',
  'assetActivity',
  'visit',
  'visitVersion',
  'pageView',
  'watchedRange',
  'judgement',
  'rendition',
  'renditionPage',
  'deal',
  'dealStage',
] as const satisfies (keyof DB)[];
type TableName = (typeof tables)[number];
type RawRows = { [T in TableName]: Selectable<DB[T]>[] };

export async function readRaw(db: Database): Promise<RawRows> {
  const raw: Record<string, unknown> = {};
  for (const table of tables) raw[table] = await db.selectFrom(table).selectAll().execute();
  return raw as unknown as RawRows;
}

interface Happening {
  kind: 'surfaced' | 'opened' | 'downloaded' | 'shared' | 'reached' | 'read';
  assetId: string;
  /** The day it was where the instance is. */
  day: string;
  at: Date;
  /** Null: of nobody's account. */
  accountId: string | null;
}

interface CountedVisit {
  visitId: string;
  assetVersionId: string;
  assetId: string;
  recipientId: string;
  readerKey: string;
  accountId: string | null;
  startedAt: Date;
  day: string;
  class: string;
  isHuman: boolean;
  pageMs: number[];
  readPages: number[];
  activeMs: number;
  furthestPage: number;
}

export interface Recount {
  readings: CountedVisit[];
  happenings: Happening[];
  /** Of each read by an account: when a deal of it first entered a stage afterwards. */
  moves: { assetId: string; day: string; accountId: string; movedAt: Date }[];
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localDay(at: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(at);
}

const isSales = (user: { role: string } | undefined) => user?.role === 'rep' || user?.role === 'manager';

export function recount(raw: RawRows, timeZone: string): Recount {
  const readings = countVisits(raw, timeZone);
  const happenings = [...countSurfaced(raw), ...countActivity(raw), ...countShares(raw)].map((it) => ({
    ...it,
    day: localDay(it.at, timeZone),
  }));
  for (const { assetId, day, startedAt: at, accountId, isHuman, readPages } of readings) {
    if (!isHuman) continue;
    happenings.push({ kind: 'reached', assetId, day, at, accountId });
    if (readPages.length > 0) happenings.push({ kind: 'read', assetId, day, at, accountId });
  }
  return { readings, happenings, moves: countMoves(raw, readings) };
}

function countSurfaced(raw: RawRows): Omit<Happening, 'day'>[] {
  const surfaced: Omit<Happening, 'day'>[] = [];
  for (const { searchId, assetId } of raw.searchResult)
    for (const { id, searchedAt: at } of raw.search)
      if (id === searchId) surfaced.push({ kind: 'surfaced', assetId, at, accountId: null });
  return surfaced;
}

function countActivity(raw: RawRows): Omit<Happening, 'day'>[] {
  const done: Omit<Happening, 'day'>[] = [];
  for (const { kind, assetId, userId, occurredAt: at } of raw.assetActivity) {
    if (!isSales(raw.user.find(({ id }) => id === userId))) continue;
    done.push({ kind: kind === 'opened' ? 'opened' : 'downloaded', assetId, at, accountId: null });
  }
  return done;
}

function countShares(raw: RawRows): Omit<Happening, 'day'>[] {
  const shares: Omit<Happening, 'day'>[] = [];
  for (const link of raw.shareLink) {
    if (link.undoneAt !== null || !isSales(raw.user.find(({ id }) => id === link.createdByUserId))) continue;
    const accountId = accountOf(raw, link.recipientId);
    for (const { assetId, at } of sharedBy(raw, link))
      shares.push({ kind: 'shared', assetId, at, accountId });
  }
  return shares;
}

function accountOf(raw: RawRows, recipientId: string): string | null {
  const recipient = raw.recipient.find(({ id }) => id === recipientId);
  if (!recipient) return null;
  if (recipient.accountId !== null) return recipient.accountId;
  return raw.contact.find(({ id }) => id === recipient.contactId)?.accountId ?? null;
}

/** The asset of a share link, or each item that its room has or had since it was shared. */
function sharedBy(raw: RawRows, link: RawRows['shareLink'][number]): { assetId: string; at: Date }[] {
  if (link.assetId !== null) return [{ assetId: link.assetId, at: link.createdAt }];
  const shared: { assetId: string; at: Date }[] = [];
  for (const item of raw.roomItem) {
    if (item.roomId !== link.roomId) continue;
    if (item.removedAt !== null && item.removedAt <= link.createdAt) continue;
    shared.push({
      assetId: item.assetId,
      at: new Date(Math.max(item.addedAt.getTime(), link.createdAt.getTime())),
    });
  }
  return shared;
}

function countVisits(raw: RawRows, timeZone: string): CountedVisit[] {
  const counted: CountedVisit[] = [];
  for (const visit of raw.visit) {
    const link = raw.shareLink.find(({ id }) => id === visit.shareLinkId);
    const judged = latestJudgement(raw, visit.id);
    if (!link || link.undoneAt !== null || !judged) continue;
    const recipient = raw.recipient.find(({ id }) => id === link.recipientId);
    for (const opened of raw.visitVersion) {
      if (opened.visitId !== visit.id) continue;
      const version = raw.assetVersion.find(({ id }) => id === opened.assetVersionId);
      if (!version) continue;
      counted.push({
        visitId: visit.id,
        assetVersionId: version.id,
        assetId: version.assetId,
        recipientId: link.recipientId,
        readerKey: recipient?.kind === 'person' ? recipient.id : visit.visitorId,
        accountId: accountOf(raw, link.recipientId),
        startedAt: visit.startedAt,
        day: localDay(visit.startedAt, timeZone),
        class: judged.class,
        isHuman: judged.class === 'human-confirmed' || judged.class === 'human-likely',
        ...countPages(raw, visit, version),
      });
    }
  }
  return counted;
}

/** Tabs add up, but nobody is active for longer than the visit lasted and five seconds. */
function countPages(raw: RawRows, visit: RawRows['visit'][number], version: RawRows['assetVersion'][number]) {
  const mostMs = visit.lastActiveAt.getTime() - visit.startedAt.getTime() + 5_000;
  const ofPages = new Map<number, number>();
  for (const { visitId, assetVersionId, pageNumber, activeMs } of raw.pageView)
    if (visitId === visit.id && assetVersionId === version.id)
      ofPages.set(pageNumber, (ofPages.get(pageNumber) ?? 0) + activeMs);
  let sum = 0;
  const readPages: number[] = [];
  for (const [page, ofTabs] of ofPages) {
    const activeMs = Math.min(ofTabs, mostMs);
    ofPages.set(page, activeMs);
    sum += activeMs;
    if (isRead(activeMs, wordsOn(raw, version.sourceKey, page))) readPages.push(page);
  }
  const furthestPage = Math.max(0, ...ofPages.keys());
  const pageCount = Math.max(version.pageCount, furthestPage, 1);
  return {
    pageMs: Array.from({ length: pageCount }, (_, index) => ofPages.get(index + 1) ?? 0),
    readPages: readPages.toSorted((a, b) => a - b),
    activeMs: ofPages.size > 0 ? Math.min(sum, mostMs) : 0,
    furthestPage,
  };
}

/** What a person said last, else what the rules said last; what was taken back does not count. */
function latestJudgement(raw: RawRows, visitId: string) {
  let latest: RawRows['judgement'][number] | undefined;
  for (const judgement of raw.judgement) {
    if (judgement.visitId !== visitId || judgement.undoneAt !== null) continue;
    if (!latest) {
      latest = judgement;
      continue;
    }
    const [isPerson, wasPerson] = [judgement.judgedByUserId !== null, latest.judgedByUserId !== null];
    if (isPerson === wasPerson ? judgement.id > latest.id : isPerson) latest = judgement;
  }
  return latest;
}

/** The words on a page of the rendition that is shown: the newest way that is done, else the newest. */
function wordsOn(raw: RawRows, sourceKey: string, pageNumber: number): number {
  let shown: RawRows['rendition'][number] | undefined;
  for (const rendition of raw.rendition) {
    if (rendition.sourceKey !== sourceKey) continue;
    const [isDone, wasDone] = [rendition.state === 'done', shown?.state === 'done'];
    if (!shown || (isDone === wasDone ? rendition.method > shown.method : isDone)) shown = rendition;
  }
  return (
    raw.renditionPage.find((page) => page.renditionId === shown?.id && page.pageNumber === pageNumber)
      ?.wordCount ?? 0
  );
}

/** max(3 s, 15% of the expected reading time); 238 words a minute, 6 s for a page without text. */
function isRead(activeMs: number, words: number): boolean {
  const expectedMs = words > 0 ? (words * 60_000) / 238 : 6_000;
  return activeMs >= 3_000 && activeMs >= 0.15 * expectedMs;
}

function countMoves(raw: RawRows, readings: CountedVisit[]): Recount['moves'] {
  const moves: Recount['moves'] = [];
  for (const { assetId, day, accountId, startedAt, isHuman, readPages } of readings) {
    if (!isHuman || readPages.length === 0 || accountId === null) continue;
    const movedAt = firstStageAfter(raw, accountId, startedAt);
    if (movedAt) moves.push({ assetId, day, accountId, movedAt });
  }
  return moves;
}

function firstStageAfter(raw: RawRows, accountId: string, after: Date): Date | undefined {
  let first: Date | undefined;
  for (const deal of raw.deal) {
    if (deal.accountId !== accountId || deal.removedAt !== null) continue;
    for (const { dealId, enteredAt } of raw.dealStage)
      if (dealId === deal.id && enteredAt > after && (!first || enteredAt < first)) first = enteredAt;
  }
  return first;
}

/** What an asset did in a window of whole days, as the ladder and the unused rate ask it. */
export interface RecountedAsset {
  assetId: string;
  isEligible: boolean;
  isUsed: boolean;
  rung: 'published' | 'surfaced' | 'opened' | 'shared' | 'reached' | 'read' | 'moved';
}

/** Every asset that was published at the end of the window, for buyers of these accounts, or for everybody. */
export function recountShelf(
  raw: RawRows,
  { happenings, moves }: Recount,
  window: { firstDay: string; lastDay: string; end: Date },
  isOurs: (accountId: string | null) => boolean = () => true,
): RecountedAsset[] {
  const isInside = (day: string) => day >= window.firstDay && day <= window.lastDay;
  const assets: RecountedAsset[] = [];
  for (const asset of raw.asset) {
    let status = '';
    let latest: { changedAt: Date; id: number } | undefined;
    for (const change of raw.assetStatusChange) {
      if (change.assetId !== asset.id || change.changedAt > window.end) continue;
      const isLater =
        !latest ||
        change.changedAt > latest.changedAt ||
        (change.changedAt.getTime() === latest.changedAt.getTime() && Number(change.id) > latest.id);
      if (!isLater) continue;
      latest = { changedAt: change.changedAt, id: Number(change.id) };
      status = change.status;
    }
    if (status !== 'published' || asset.publishedAt === null || asset.publishedAt > window.end) continue;
    const did = (kind: Happening['kind'], isOfBuyers: boolean) =>
      happenings.some(
        (it) =>
          it.kind === kind &&
          it.assetId === asset.id &&
          isInside(it.day) &&
          (!isOfBuyers || isOurs(it.accountId)),
      );
    const hasMoved = moves.some(
      (move) =>
        move.assetId === asset.id &&
        isInside(move.day) &&
        move.movedAt <= window.end &&
        isOurs(move.accountId),
    );
    const steps: [RecountedAsset['rung'], boolean][] = [
      ['moved', hasMoved],
      ['read', did('read', true)],
      ['reached', did('reached', true)],
      ['shared', did('shared', true)],
      ['opened', did('opened', false)],
      ['surfaced', did('surfaced', false)],
    ];
    assets.push({
      assetId: asset.id,
      isEligible: asset.publishedAt.getTime() <= window.end.getTime() - 30 * 86_400_000,
      isUsed: did('shared', true) || did('downloaded', false),
      rung: steps.find(([, hasReached]) => hasReached)?.[0] ?? 'published',
    });
  }
  return assets;
}
