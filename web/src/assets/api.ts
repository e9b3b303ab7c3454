import { listMyLinks } from '@offshelf/server/contract/analytics';
import * as contract from '@offshelf/server/contract/assets';
import { listShareLinks } from '@offshelf/server/contract/shares';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../lib/api.ts';
import { paceOfWork, workIn } from '../lib/live.ts';
import { queryClient } from '../lib/query-client.ts';

export type { Asset, AssetCard, AssetPatch, AssetStatus, ImportRun } from '@offshelf/server/contract/assets';
export type AssetVersion = typeof contract.assetVersion._output;
export type Audience = 'internal' | 'external';
export type AssetSort = 'updated' | 'title' | 'published' | 'review';

/** What the library page asks for; its address holds the same. */
export interface LibraryFilter {
  query: string;
  status: contract.AssetStatus | undefined;
  audience: Audience | undefined;
  termIds: readonly string[];
  /** A user's id, `me` or `none`. */
  owner: string | undefined;
  isStale: boolean;
  sort: AssetSort;
}

const pageSize = 100;

function askedOf(filter: LibraryFilter) {
  return {
    query: filter.query,
    audience: filter.audience,
    term: [...filter.termIds],
    owner: filter.owner,
    isStale: filter.isStale ? ('true' as const) : undefined,
  };
}

export function libraryQuery(filter: LibraryFilter) {
  return infiniteQueryOptions({
    queryKey: ['assets', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listAssets, {
        query: {
          ...askedOf(filter),
          status: filter.status,
          sort: filter.sort,
          limit: pageSize,
          ...(pageParam && { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: (query) =>
      paceOfWork(query, workIn(query.state.data?.pages.flatMap((page) => page.items) ?? [])),
  });
}

/** How many assets of each status the rest of the filter leaves. */
export function libraryCountsQuery(filter: LibraryFilter) {
  const asked = askedOf(filter);
  const count = async (status: contract.AssetStatus, signal: AbortSignal) =>
    (await call(contract.listAssets, { query: { ...asked, status, limit: 1 }, signal })).total;
  return queryOptions({
    queryKey: ['assets', 'counts', asked],
    queryFn: async ({ signal }) => {
      const [draft, published, archived] = await Promise.all([
        count('draft', signal),
        count('published', signal),
        count('archived', signal),
      ]);
      return { draft, published, archived };
    },
  });
}

export function assetQuery(assetId: string) {
  return queryOptions({
    queryKey: ['assets', 'one', assetId],
    queryFn: ({ signal }) => call(contract.readAsset, { params: { assetId }, signal }),
    refetchInterval: (query) => paceOfWork(query, workIn(query.state.data?.versions ?? [])),
  });
}

/** The actor's share links to this asset, with what became of each. */
export function assetLinksQuery(assetId: string) {
  return queryOptions({
    queryKey: ['share-links', 'of-asset', assetId],
    queryFn: async ({ signal }) => {
      const [links, mine] = await Promise.all([
        call(listShareLinks, { query: { assetId, limit: 200 }, signal }),
        call(listMyLinks, { query: { limit: 200 }, signal }),
      ]);
      const outcomes = new Map(mine.items.map((item) => [item.shareLink.id, item]));
      return {
        asOf: mine.asOf,
        items: links.items.map((shareLink) => ({ shareLink, outcome: outcomes.get(shareLink.id) })),
      };
    },
  });
}

export function fileUrl(
  assetId: string,
  { versionId, asDownload = false }: { versionId?: string; asDownload?: boolean } = {},
): string {
  const query = new URLSearchParams({
    ...(versionId && { version: versionId }),
    ...(asDownload && { download: '1' }),
  }).toString();
  return `/api/assets/${assetId}/file${query && `?${query}`}`;
}

/** Lists, counts and tags' numbers are read again after assets have changed. */
export function refreshAssets(): void {
  void queryClient.invalidateQueries({ queryKey: ['assets'] });
  void queryClient.invalidateQueries({ queryKey: ['dimensions'] });
}

export type BulkChange = { assetId: string; patch: contract.AssetPatch };

export async function changeAssets(
  changes: BulkChange[],
): Promise<{ updatedCount: number; undo: BulkChange[] }> {
  const { updatedCount, undo } = await call(contract.bulkUpdateAssets, { body: { changes } });
  refreshAssets();
  return { updatedCount, undo: undo.changes };
}

const lookedAfterMs = 1000;

/** Records that somebody opened the asset from a search that its address names. */
export function useOpenedFrom(assetId: string, searchId: string | undefined): void {
  useEffect(() => {
    if (!searchId) return;
    const timer = setTimeout(() => {
      // A log that can't be written must not stand in anybody's way.
      call(contract.recordActivity, { params: { assetId }, body: { kind: 'opened', searchId } }).catch(
        () => undefined,
      );
    }, lookedAfterMs);
    return () => clearTimeout(timer);
  }, [assetId, searchId]);
}

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: ({ signal }) => call(contract.listImports, { signal }),
});

export function importQuery(importRunId: string) {
  return queryOptions({
    queryKey: ['imports', importRunId],
    queryFn: ({ signal }) => call(contract.readImport, { params: { importRunId }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 700 : false),
  });
}
