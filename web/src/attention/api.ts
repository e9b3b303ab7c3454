import * as contract from '@offshelf/server/contract/attention';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type {
  AssetUse,
  Attention,
  AttentionPage,
  ComparedVersion,
} from '@offshelf/server/contract/attention';

/** Of one asset only the days and the buyers of a slice matter. */
function buyersOf(slice: SliceState) {
  const { persona: _persona, product: _product, language: _language, ...query } = sliceQuery(slice);
  return query;
}

/** How one version is read page by page; the current one unless another is asked for. */
export function attentionQuery(assetId: string, slice: SliceState, version: string | undefined) {
  const query = { ...buyersOf(slice), ...(version && { version }) };
  return queryOptions({
    queryKey: ['attention', assetId, query],
    queryFn: ({ signal }) => call(contract.readAttention, { params: { assetId }, query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** Where an asset stands, who sent and who read it. */
export function assetUseQuery(assetId: string, slice: SliceState) {
  const query = buyersOf(slice);
  return queryOptions({
    queryKey: ['asset-use', assetId, query],
    queryFn: ({ signal }) => call(contract.readAssetUse, { params: { assetId }, query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}
