import * as contract from '@offshelf/server/contract/influence';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { lineWords } from './influence-words.ts';

export type {
  AssetInfluence,
  AssetInfluenceDetail,
  Influence,
  InfluenceLine,
  PipelineRead,
  TieExperiment,
} from '@offshelf/server/contract/influence';

export function influenceQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['influence', query],
    queryFn: ({ signal }) => call(contract.readInfluence, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function assetInfluenceQuery(slice: SliceState, assetId: string) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['influence', 'asset', assetId, query],
    queryFn: ({ signal }) => call(contract.readAssetInfluence, { params: { assetId }, query, signal }),
  });
}

/** What is known of an asset's influence, or how far that is, in words for a line. */
export function influenceLineQuery(assetId: string) {
  return queryOptions({
    queryKey: ['influence', 'line', assetId],
    queryFn: ({ signal }) => call(contract.listAssetInfluence, { query: { assetId: [assetId] }, signal }),
    select: ({ items }) => items[0] && lineWords(items[0]),
    staleTime: 5 * 60_000,
  });
}

/** How much of the open pipeline is being read. */
export function pipelineQuery(slice: SliceState) {
  const query = sliceQuery(slice);
  return queryOptions({
    queryKey: ['influence', 'pipeline', query],
    queryFn: ({ signal }) => call(contract.readPipelineRead, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const tieExperimentQuery = queryOptions({
  queryKey: ['influence', 'first-place'],
  queryFn: ({ signal }) => call(contract.readTieExperiment, { signal }),
});

export const askForCount = () => call(contract.countInfluence);
