import type { z } from 'zod';
import { metrics } from '../analytics/metrics.ts';
import type { Asset } from '../assets/contract.ts';
import { readAsset } from '../assets/service.ts';
import type { Context } from '../context.ts';
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
import { pageByPage, playedAt, reachedFrom } from './page-by-page.ts';
import {
  type AttentionScope,
  countFurthest,
  countJudged,
  countPageReads,
  countPageTimes,
  countPlayed,
  countPlayers,
  countSpans,
  countVersions,
  countWeeks,
  type FurthestCount,
  listDurations,
  listPageWords,
  type VersionCount,
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
  const { db } = ctx;
  const [asset, scope] = await Promise.all([readAsset(ctx, actor, assetId), scopeOf(ctx, assetId, slice)]);
  const chosen = asset.versions.find(({ id }) => id === (versionId ?? asset.versionId));
  if (!chosen) throw new Problem('not_found', 'This asset has no such version. Look at the current one.');
  const isPlayed = /^(video|audio)\//.test(chosen.mediaType);
  const [
    judged,
    weeks,
    versions,
    furthest,
    times,
    reads,
    spans,
    words,
    played,
    players,
    durations,
    { countedAt },
  ] = await Promise.all([
    countJudged(db, scope),
    countWeeks(db, scope),
    countVersions(db, scope),
    countFurthest(db, scope),
    countPageTimes(db, scope, chosen.id),
    countPageReads(db, scope, chosen.id),
    countSpans(db, scope, chosen.id),
    listPageWords(db, chosen.id),
    isPlayed ? countPlayed(db, scope, chosen.id) : [],
    isPlayed ? countPlayers(db, scope) : [],
    isPlayed ? listDurations(db, assetId) : [],
    readFreshness(db),
  ]);
  const compared = asset.versions.map((version) =>
    compareVersion(version, {
      isCurrent: version.id === asset.versionId,
      count: versions.find((each) => each.versionId === version.id),
      furthest: furthest.filter((each) => each.versionId === version.id),
      playedSeconds: players.find((each) => each.versionId === version.id)?.seconds,
      durationMs: durations.find((each) => each.versionId === version.id)?.durationMs,
    }),
  );
  const own = compared.find((each) => each.versionId === chosen.id);
  const durationMs =
    durations.find((each) => each.versionId === chosen.id)?.durationMs ??
    1000 * Math.max(0, ...played.map(({ second }) => second));
  return {
    asOf: countedAt,
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
          points: playedAt(played, durationMs),
        }
      : null,
    versions: compared,
    weeks: everyWeek(weeks, scope.window),
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
  count: VersionCount | undefined;
  furthest: readonly FurthestCount[];
  playedSeconds: readonly number[] | undefined;
  durationMs: number | undefined;
}

function compareVersion(
  version: Asset['versions'][number],
  { isCurrent, count, furthest, playedSeconds, durationMs = 0 }: VersionFacts,
): ComparedVersion {
  const visitCount = count?.visitCount ?? 0;
  const completion =
    playedSeconds && durationMs > 0
      ? playedSeconds.map((seconds) => Math.min(1, (seconds * 1000) / durationMs))
      : playedSeconds
        ? undefined
        : count?.pagesRead;
  return {
    versionId: version.id,
    number: version.number,
    isCurrent,
    uploadedAt: version.createdAt,
    pageCount: version.pageCount,
    visitCount,
    readerCount: count?.readerCount ?? 0,
    readCount: count?.readCount ?? 0,
    activeMs: visitCount < metrics.visit_time.minimumN ? null : toSpread(count?.activeMs),
    completion: visitCount < metrics.completion.minimumN ? null : toSpread(completion),
    pagedCount: furthest.reduce((sum, { readerCount }) => sum + readerCount, 0),
    reachedCounts: reachedFrom(furthest, version.pageCount),
  };
}

function toSpread(quartiles: readonly number[] | undefined): Spread | null {
  const [low, median, high] = quartiles ?? [];
  return low === undefined || median === undefined || high === undefined ? null : { median, low, high };
}

/** Every week of the window, those in which nothing happened too. */
function everyWeek(
  counted: Attention['weeks'],
  { firstDay, lastDay }: Attention['window'],
): Attention['weeks'] {
  const weeks: Attention['weeks'] = [];
  const countedOf = new Map(counted.map((each) => [each.week, each]));
  const day = new Date(`${firstDay}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  for (let week = toDay(day); week <= lastDay; week = toDay(day)) {
    weeks.push(countedOf.get(week) ?? { week, openCount: 0, readCount: 0 });
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
