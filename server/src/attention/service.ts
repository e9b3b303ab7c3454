import type { z } from 'zod';
import { metrics } from '../analytics/metrics.ts';
import type { Asset } from '../assets/contract.ts';
import { readAsset } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { keepCounted } from '../db/kept.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { computeHumanOpens } from '../judging/human-opens.ts';
import { readFreshness } from '../rollups/service.ts';
import { resolveSlice } from '../slices/service.ts';
import type {
  AssetUse,
  Attention,
  ComparedVersion,
  readAssetUse as readAssetUseEndpoint,
  readAttention as readAttentionEndpoint,
  Spread,
} from './contract.ts';
import { pageByPage, playedAt, quartilesOf, reachedFrom, studiedTenths } from './page-by-page.ts';
import {
  type AttentionScope,
  countFurthest,
  countJudged,
  countPageReads,
  countPageTimes,
  countPlayed,
  countPlayers,
  countSpans,
  countVisits,
  type FurthestCount,
  listDurations,
  listPageWords,
  listVisitTimes,
  type VisitCount,
} from './queries.ts';
import {
  countOutcomes,
  findBaseCurrency,
  listAccounts,
  listCollections,
  listHolders,
  listRooms,
  listSenders,
} from './use-queries.ts';

/** Whoever read an old version longer ago than this is not said to hold it. */
const heldMs = 180 * 86_400_000;
/** So much of a long list is shown. */
const mostListed = 20;

type AttentionQuery = z.output<(typeof readAttentionEndpoint)['query']>;
type UseQuery = z.output<(typeof readAssetUseEndpoint)['query']>;

/** How people read one version of an asset, the current one unless another is asked for, and how its versions compare. */
export async function readAttention(
  ctx: Context,
  actor: Actor,
  assetId: string,
  { version: versionId, ...slice }: AttentionQuery,
): Promise<Attention> {
  const [asset, scope] = await Promise.all([readAsset(ctx, actor, assetId), scopeOf(ctx, assetId, slice)]);
  const chosen = asset.versions.find(({ id }) => id === (versionId ?? asset.versionId));
  if (!chosen) throw new Problem('not_found', 'This asset has no such version. Look at the current one.');
  const { firstDay, lastDay } = scope.window;
  const question = [chosen.id, asset.versionId, asset.title, firstDay, lastDay, scope.buyerSliceIds];
  return keepCounted(ctx, {
    what: `attention ${assetId}`,
    question,
    count: () => findAttention(ctx.db, asset, chosen, scope),
    sizeOf: ({ versions }) => versions.reduce((sum, { visitCount }) => sum + visitCount, 0),
  });
}

type Version = Asset['versions'][number];

async function findAttention(
  db: Database,
  asset: Asset,
  chosen: Version,
  scope: AttentionScope,
): Promise<Attention> {
  const assetId = asset.id;
  const isPlayed = /^(video|audio)\//.test(chosen.mediaType);
  const words = await listPageWords(db, chosen.id);
  const [judged, visits, visitTimes, furthest, times, reads, spans, played, players, durations, freshness] =
    await Promise.all([
      countJudged(db, scope),
      countVisits(db, scope),
      listVisitTimes(db, scope),
      countFurthest(db, scope),
      isPlayed ? [] : countPageTimes(db, scope, chosen.id, studiedTenths(words, chosen.pageCount)),
      isPlayed ? [] : countPageReads(db, scope, chosen.id),
      isPlayed ? [] : countSpans(db, scope, chosen.id),
      isPlayed ? countPlayed(db, scope, chosen.id) : [],
      isPlayed ? countPlayers(db, scope) : [],
      isPlayed ? listDurations(db, assetId) : [],
      readFreshness(db),
    ]);
  const compared = asset.versions.map((version) =>
    compareVersion(version, {
      isCurrent: version.id === asset.versionId,
      visits: visits.filter((each) => each.versionId === version.id),
      activeMs: visitTimes.find((each) => each.versionId === version.id)?.activeMs,
      furthest: furthest.filter((each) => each.versionId === version.id),
      playedSeconds: players.find((each) => each.versionId === version.id)?.seconds,
      durationMs: durations.find((each) => each.versionId === version.id)?.durationMs,
    }),
  );
  const own = compared.find((each) => each.versionId === chosen.id);
  const durationMs = durations.find((each) => each.versionId === chosen.id)?.durationMs ?? null;
  const playedMs = 1000 * Math.max(0, ...played.map(({ second }) => second));
  return {
    asOf: freshness.countedAt,
    window: scope.window,
    title: asset.title,
    kind: isPlayed ? 'playing' : 'pages',
    versionId: chosen.id,
    opens: computeHumanOpens(
      judged.flatMap(({ count, ...visit }) => Array.from({ length: count }, () => visit)),
    ),
    readCount: judged.reduce((sum, each) => sum + each.readCount, 0),
    pages: isPlayed
      ? []
      : pageByPage({
          pageCount: chosen.pageCount,
          words,
          times,
          reads,
          spans,
          reachedCounts: own?.reachedCounts ?? [],
        }),
    pagedCount: own?.pagedCount ?? 0,
    playing: isPlayed
      ? {
          durationMs,
          readerCount: players.find((each) => each.versionId === chosen.id)?.readerCount ?? 0,
          points: playedAt(played, durationMs ?? playedMs),
        }
      : null,
    versions: compared,
    weeks: everyWeek(visits, scope.window),
  };
}

/** Where an asset stands, who sent it, who read it, and how their deals stand. */
export async function readAssetUse(
  ctx: Context,
  actor: Actor,
  assetId: string,
  slice: UseQuery,
): Promise<AssetUse> {
  const { db, clock } = ctx;
  const now = clock();
  const [scope] = await Promise.all([scopeOf(ctx, assetId, slice), readAsset(ctx, actor, assetId)]);
  const [collections, rooms, senders, accounts, outcomes, holders, baseCurrency, { countedAt }] =
    await Promise.all([
      listCollections(db, assetId),
      listRooms(db, scope, mostListed),
      listSenders(db, scope),
      listAccounts(db, scope, mostListed),
      countOutcomes(db, scope),
      listHolders(db, assetId, { now, readSince: new Date(now.getTime() - heldMs), most: mostListed }),
      findBaseCurrency(db),
      readFreshness(db),
    ]);
  const sum = (of: (sender: (typeof senders)[number]) => number) =>
    senders.reduce((total, sender) => total + of(sender), 0);
  return {
    asOf: countedAt,
    window: scope.window,
    baseCurrency,
    collections,
    rooms: toSection(rooms),
    shares: {
      directCount: sum(({ directCount }) => directCount),
      roomCount: sum(({ shareCount, directCount }) => shareCount - directCount),
      readCount: sum(({ readCount }) => readCount),
    },
    senders: { count: senders.length, items: senders.slice(0, mostListed) },
    accounts: toSection(accounts),
    outcomes: (['open', 'won', 'lost'] as const).map(
      (outcome) =>
        outcomes.find((each) => each.outcome === outcome) ?? {
          outcome,
          dealCount: 0,
          amount: 0,
          unconvertedCount: 0,
        },
    ),
    holders: toSection(holders),
  };
}

async function scopeOf(ctx: Context, assetId: string, slice: UseQuery): Promise<AttentionScope> {
  const { window, buyerSliceIds } = await resolveSlice(ctx, {
    ...slice,
    persona: [],
    product: [],
    language: [],
  });
  return { assetId, window, buyerSliceIds };
}

interface VersionFacts {
  isCurrent: boolean;
  visits: readonly VisitCount[];
  activeMs: readonly number[] | undefined;
  furthest: readonly FurthestCount[];
  playedSeconds: readonly number[] | undefined;
  durationMs: number | undefined;
}

function compareVersion(
  version: Version,
  { isCurrent, visits, activeMs, furthest, playedSeconds, durationMs = 0 }: VersionFacts,
): ComparedVersion {
  const visitCount = sumOf(visits);
  const shares = visits.map(({ readPageCount, pageCount, count }) => ({
    value: readPageCount / pageCount,
    count,
  }));
  const completion = playedSeconds ? playedShares(playedSeconds, durationMs) : quartilesOf(shares);
  return {
    versionId: version.id,
    number: version.number,
    isCurrent,
    uploadedAt: version.createdAt,
    pageCount: version.pageCount,
    visitCount,
    readerCount: sumOfReaders(furthest),
    readCount: sumOf(visits.filter(({ readPageCount }) => readPageCount > 0)),
    activeMs: visitCount < metrics.visit_time.minimumN ? null : toSpread(activeMs),
    completion: visitCount < metrics.completion.minimumN ? null : completion,
    pagedCount: sumOfReaders(furthest.filter(({ furthestPage }) => furthestPage > 0)),
    reachedCounts: reachedFrom(furthest, version.pageCount),
  };
}

function playedShares(seconds: readonly number[], durationMs: number): Spread | null {
  return durationMs > 0 ? toSpread(seconds.map((played) => Math.min(1, (played * 1000) / durationMs))) : null;
}

const sumOf = (visits: readonly VisitCount[]) => visits.reduce((sum, { count }) => sum + count, 0);
const sumOfReaders = (furthest: readonly FurthestCount[]) =>
  furthest.reduce((sum, { readerCount }) => sum + readerCount, 0);

function toSpread(quartiles: readonly number[] | undefined): Spread | null {
  const [low, median, high] = quartiles ?? [];
  return low === undefined || median === undefined || high === undefined ? null : { median, low, high };
}

/** Every week of the window, those in which nothing happened too. */
function everyWeek(
  visits: readonly VisitCount[],
  { firstDay, lastDay }: Attention['window'],
): Attention['weeks'] {
  const weeks: Attention['weeks'] = [];
  const visitsOf = Map.groupBy(visits, ({ week }) => week);
  const day = new Date(`${firstDay}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  for (let week = toDay(day); week <= lastDay; week = toDay(day)) {
    const own = visitsOf.get(week) ?? [];
    const readCount = sumOf(own.filter(({ readPageCount }) => readPageCount > 0));
    weeks.push({ week, openCount: sumOf(own), readCount });
    day.setUTCDate(day.getUTCDate() + 7);
  }
  return weeks;
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function toSection<Row extends { totalCount: number }>(rows: Row[]): { count: number; items: Row[] } {
  return { count: rows[0]?.totalCount ?? 0, items: rows };
}
