import * as assets from '@offshelf/server/contract/assets';
import * as contract from '@offshelf/server/contract/search';
import { listDimensions } from '@offshelf/server/contract/taxonomy';
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../lib/api.ts';
import { paceOfWork, workIn } from '../lib/live.ts';
import { queryClient } from '../lib/query-client.ts';
import { hitsOf, keepWhatIsSame } from './answer-hits.ts';

export type {
  Facet,
  MessageAnswer,
  NotRightReason,
  Question,
  SavedSearch,
  SearchAnswer,
  SearchHit,
  Understanding,
} from '@offshelf/server/contract/search';
export type Audience = 'internal' | 'external';

const pageSize = 12;
const giveUpAfterMs = 20_000;
/** How long a search waits for the one before it, whose name it should carry, before it goes without. */
const patienceMs = 80;

/** The search that was answered last, until somebody does something with its results. */
let refinable: string | null = null;
/** Counts questions, so that a late answer to one does not become the beginning of the next. */
let questionNumber = 0;
/** Which search showed an asset last, so that what happens to it later is put down to that search. */
const shownBy = new Map<string, string>();

interface Sent {
  answered: Promise<unknown>;
  sentAt: number;
  giveUp: () => void;
}
let latest: Sent | undefined;
/** A search was given up since the last answer; the log may hold it all the same. */
let hasGivenUp = false;

/** The results of a question, page by page. Every answer is a search in the log, so none is asked for twice without need. */
export function searchQuery(asked: contract.Question, wantsEveryFacet: boolean) {
  return infiniteQueryOptions({
    queryKey: ['search', asked, wantsEveryFacet],
    queryFn: ({ pageParam, signal }) => searchInTurn({ asked, wantsEveryFacet }, pageParam, signal),
    initialPageParam: { offset: 0, searchId: null as string | null },
    getNextPageParam: (last, pages) => {
      const offset = pages.length * pageSize;
      return offset < last.total ? { offset, searchId: last.searchId } : undefined;
    },
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

interface Wanted {
  asked: contract.Question;
  /** Otherwise those of the chips below the box, which take a fraction of the time in a large library. */
  wantsEveryFacet: boolean;
}

/** Those that have a chip below the box. */
export const situationDimensions = ['persona', 'stage', 'objection'] as const;

/**
 * Each search names the one before it, and the log keeps what somebody settled on instead of every letter on the
 * way. So a search waits a moment for the answer before it; one that was overtaken while it waited is never sent,
 * and one that takes too long is given up for the next.
 */
async function searchInTurn(
  wanted: Wanted,
  page: { offset: number; searchId: string | null },
  signal: AbortSignal,
): Promise<contract.SearchAnswer> {
  for (let before = latest; before; before = before === latest ? undefined : latest) {
    const left = before.sentAt + patienceMs - performance.now();
    if (left > 0) await Promise.race([before.answered, pause(left)]);
    signal.throwIfAborted();
  }
  if (latest) {
    latest.giveUp();
    hasGivenUp = true;
  }
  const giveUp = new AbortController();
  const asking = send(wanted, page, AbortSignal.any([giveUp.signal, AbortSignal.timeout(giveUpAfterMs)]));
  const mine: Sent = {
    answered: asking.catch(() => undefined),
    sentAt: performance.now(),
    giveUp: () => giveUp.abort(),
  };
  latest = mine;
  try {
    return await asking;
  } finally {
    if (latest === mine) latest = undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

async function send(
  { asked: { query, filters, plainTermIds, accountId }, wantsEveryFacet }: Wanted,
  page: { offset: number; searchId: string | null },
  signal: AbortSignal,
): Promise<contract.SearchAnswer> {
  const refines = page.offset > 0 ? page.searchId : refinable;
  const mine = questionNumber;
  const overtakes = hasGivenUp && page.offset === 0;
  const answer = await call(contract.createSearch, {
    body: {
      query,
      filters,
      plainTermIds,
      accountId,
      refines,
      overtakes,
      ...(!wantsEveryFacet && { facets: [...situationDimensions] }),
      offset: page.offset,
      limit: pageSize,
    },
    signal,
  });
  if (overtakes) hasGivenUp = false;
  if (refines && page.offset === 0) forgetSearch(refines);
  if (page.offset === 0 && mine === questionNumber) refinable = answer.searchId;
  for (const hit of hitsOf(answer)) shownBy.set(hit.asset.id, answer.searchId);
  return keepWhatIsSame(answer);
}

/** The server has dropped a search that was refined; its results in memory would point at nothing. */
function forgetSearch(searchId: string): void {
  for (const [assetId, search] of shownBy) if (search === searchId) shownBy.delete(assetId);
  queryClient.removeQueries({
    queryKey: ['search'],
    predicate: (query) =>
      (query.state.data as InfiniteData<contract.SearchAnswer> | undefined)?.pages[0]?.searchId === searchId,
  });
}

/** The next search is a question of its own and not a correction of the last. */
export function endQuestion(): void {
  refinable = null;
  questionNumber += 1;
}

/** The search stays in the log, as an address names it now: no later one may take its place. */
export function pinSearch(searchId: string): void {
  if (refinable === searchId) endQuestion();
}

/** The search that showed this asset last, if any. */
export function searchThatShowed(assetId: string): string | null {
  return shownBy.get(assetId) ?? null;
}

/** Something was done with a result: the search keeps its place in the log, whatever is typed next. */
export function keepSearchOf(assetId: string): void {
  if (refinable && shownBy.get(assetId) === refinable) refinable = null;
}

/** A log that can't be written must not stand in anybody's way. */
function quietly(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

export function recordDownload(assetId: string): void {
  const searchId = searchThatShowed(assetId);
  keepSearchOf(assetId);
  if (searchId)
    quietly(
      call(contract.recordSearchAction, { params: { searchId }, body: { assetId, kind: 'downloaded' } }),
    );
}

const lookedAfterMs = 1000;
const usefulAfterMs = 10_000;
const tickMs = 500;

/**
 * Records that somebody really looked at an asset: it was in sight for a second. How long it stayed is noted
 * after ten seconds, which is what counts as success, and once more when it leaves.
 */
export function useLookedAt(assetId: string | undefined): void {
  useEffect(() => {
    if (!assetId) return;
    let searchId: string | null = null;
    let seenMs = 0;
    let last = performance.now();
    const noteDwell = () => {
      if (!searchId) return;
      const body = { assetId, kind: 'opened', dwellMs: Math.round(seenMs) } as const;
      quietly(call(contract.recordSearchAction, { params: { searchId }, body }));
    };
    const timer = setInterval(() => {
      const before = seenMs;
      const now = performance.now();
      // A timer that slept says nothing about a reader.
      if (document.visibilityState === 'visible') seenMs += Math.min(now - last, 2 * tickMs);
      last = now;
      const hasPassed = (mark: number) => before < mark && seenMs >= mark;
      if (hasPassed(lookedAfterMs)) {
        searchId = searchThatShowed(assetId);
        keepSearchOf(assetId);
        quietly(call(assets.recordActivity, { params: { assetId }, body: { kind: 'opened', searchId } }));
      }
      if (hasPassed(lookedAfterMs) || hasPassed(usefulAfterMs)) noteDwell();
    }, tickMs);
    return () => {
      clearInterval(timer);
      if (seenMs >= lookedAfterMs) noteDwell();
    };
  }, [assetId]);
}

export const newestAssetsQuery = queryOptions({
  queryKey: ['assets', 'newest'],
  queryFn: ({ signal }) =>
    call(assets.listAssets, { query: { status: 'published', sort: 'published', limit: 7 }, signal }),
  refetchInterval: (query) => paceOfWork(query, workIn(query.state.data?.items ?? [])),
});

export const dimensionsQuery = queryOptions({
  queryKey: ['dimensions'],
  queryFn: ({ signal }) => call(listDimensions, { signal }),
  staleTime: 5 * 60_000,
});

/** Without a search in the log: whoever types a name into the palette knows what they want. */
export async function findPublishedAssets(query: string, signal: AbortSignal): Promise<assets.AssetCard[]> {
  const page = await call(assets.listAssets, { query: { query, status: 'published', limit: 50 }, signal });
  return page.items;
}
