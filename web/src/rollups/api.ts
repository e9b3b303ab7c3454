import * as contract from '@offshelf/server/contract/rollups';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';

export const countingQuery = queryOptions({
  queryKey: ['counting'],
  queryFn: ({ signal }) => call(contract.readCounting, { signal }),
  refetchInterval: 5_000,
});
