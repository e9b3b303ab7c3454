import * as contract from '@offshelf/server/contract/rendering';
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueries } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { formatDuration, formatNumber, plural } from '../lib/format.ts';
import { type AtWork, isAtWork, paceOfWork } from '../lib/live.ts';
import { queryClient } from '../lib/query-client.ts';

export type { Rendition, RenditionPage } from '@offshelf/server/contract/rendering';
export type UploadInsight = typeof contract.readUploadInsight.response._output;
export type SuggestedTerm = UploadInsight['suggestedTerms'][number];
export type SimilarAsset = UploadInsight['similar'][number];
export type Cluster = (typeof contract.listSimilarClusters.response._output)['clusters'][number];
export type Found = typeof contract.findInVersion.response._output;
export type RenderingProgress = typeof contract.readRenderingProgress.response._output;
export type RenderingFault = (typeof contract.listRenderingFaults.response._output)['items'][number];

/** Pages, words and state of a version; asked again while work goes on. */
export function renditionQuery(assetVersionId: string) {
  return queryOptions({
    queryKey: ['renditions', assetVersionId],
    queryFn: ({ signal }) => call(contract.readRendition, { params: { assetVersionId }, signal }),
    staleTime: 60_000,
    refetchInterval: (query) => paceOfWork(query, workOn(query.state.data)),
  });
}

function workOn(rendition: contract.Rendition | undefined): string | null {
  if (!rendition) return null;
  if (rendition.state !== 'queued' && rendition.state !== 'running')
    return rendition.isBeingRenewed ? 'renewed' : null;
  return `${rendition.state} ${rendition.renderedPageCount.toString()}`;
}

/** Where the words are in a version; while another question is asked, the last answer stays. */
export function findQuery(assetVersionId: string, query: string) {
  return queryOptions({
    queryKey: ['found', assetVersionId, query],
    queryFn: ({ signal }) =>
      call(contract.findInVersion, { params: { assetVersionId }, query: { query }, signal }),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Renders a failed file again, or asks the page behind a web link again. */
export async function retryRendition(assetVersionId: string): Promise<void> {
  const rendition = await call(contract.retryRendition, { params: { assetVersionId } });
  queryClient.setQueryData(renditionQuery(assetVersionId).queryKey, rendition);
  void queryClient.invalidateQueries({ queryKey: ['assets'] });
  void queryClient.invalidateQueries({ queryKey: ['rendering'] });
}

type Live = AtWork & { pageCount: number; hasThumbnail: boolean; durationMs: number | null };
const mostWatched = 24;

/**
 * The cards with what is known of their pages by now. For lists that can't be asked again as a whole, such as the
 * results of a search, which would be another search in the log.
 */
export function useLiveCards<Card extends Live & { versionId: string }>(cards: readonly Card[]): Card[] {
  const open = cards.filter(isAtWork).slice(0, mostWatched);
  const renditions = useQueries({
    queries: open.map((card) => renditionQuery(card.versionId)),
    combine: (results) => results.map((result) => result.data),
  });
  const known = new Map(open.map((card, index) => [card.versionId, renditions[index]]));
  return cards.map((card) => {
    const rendition = known.get(card.versionId);
    if (!rendition) return card;
    const { state, pageCount, hasThumbnail, durationMs } = rendition;
    return { ...card, renditionState: state, pageCount, hasThumbnail, durationMs };
  });
}

const whileWorkingMs = 2500;
const whileIdleMs = 30_000;

/** How far the rendering of the library is. */
export const renderingProgressQuery = queryOptions({
  queryKey: ['rendering', 'progress'],
  queryFn: ({ signal }) => call(contract.readRenderingProgress, { signal }),
  refetchInterval: ({ state }) =>
    state.data && state.data.waitingCount + state.data.running.length > 0 ? whileWorkingMs : whileIdleMs,
});

export const renderingFaultsQuery = infiniteQueryOptions({
  queryKey: ['rendering', 'faults'],
  queryFn: ({ signal, pageParam }) =>
    call(contract.listRenderingFaults, { query: { cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  refetchInterval: 10_000,
});

/** "Rendering 34 of 132 files, about 2 min left"; undefined while there is nothing to do. */
export function progressWords(progress: RenderingProgress | undefined): string | undefined {
  if (!progress || progress.waitingCount === 0) return undefined;
  const { waitingCount, remainingMs } = progress;
  const total = countFiles(progress);
  const left = remainingMs === null ? '' : `, about ${formatDuration(roughly(remainingMs))} left`;
  return `Rendering ${formatNumber(Math.max(0, total - waitingCount))} of ${plural(total, 'file')}${left}`;
}

/** All that is rendered, will be, or can't be. */
export function countFiles({ counts }: RenderingProgress): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Whole minutes, or tens of seconds under a minute: more would be a promise. */
function roughly(ms: number): number {
  return ms < 55_000 ? Math.max(10_000, Math.round(ms / 10_000) * 10_000) : Math.round(ms / 60_000) * 60_000;
}

/** What is known of an upload before it is an asset; asked again while the file is read. */
export function uploadInsightQuery(uploadTicket: string) {
  return queryOptions({
    queryKey: ['upload-insights', uploadTicket],
    queryFn: ({ signal }) => call(contract.readUploadInsight, { query: { uploadTicket }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => paceOfWork(query, insightWorkOn(query.state.data)),
  });
}

function insightWorkOn(insight: UploadInsight | undefined): string | null {
  const isOpen = insight?.state === 'queued' || insight?.state === 'running';
  return isOpen ? `${insight.state} ${insight.hasThumbnail.toString()}` : null;
}

/** Assets that say nearly the same. */
export const similarClustersQuery = queryOptions({
  queryKey: ['assets', 'similar'],
  queryFn: ({ signal }) => call(contract.listSimilarClusters, { signal }),
});
