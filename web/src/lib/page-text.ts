import { readPageText } from '@offshelf/server/contract/rendering';
import { queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';

/** The words on a page with their boxes; every view of a page asks in the same words, so it is read once. */
export function pageTextQuery(assetVersionId: string, pageNumber: number) {
  return queryOptions({
    queryKey: ['page-texts', assetVersionId, pageNumber],
    queryFn: ({ signal }) => call(readPageText, { params: { assetVersionId, pageNumber }, signal }),
    staleTime: 10 * 60_000,
  });
}
