import * as contract from '@offshelf/server/contract/decisions';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { Decision, DecisionAction } from '@offshelf/server/contract/decisions';

/** Every decision, newest first, or those about one asset. */
export function decisionsQuery(assetId?: string) {
  return infiniteQueryOptions({
    queryKey: ['decisions', assetId ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listDecisions, {
        query: { limit: 50, ...(assetId && { asset: assetId }), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
}

/** What marketing recommends to reps today. */
export const promotionsQuery = queryOptions({
  queryKey: ['promotions'],
  queryFn: ({ signal }) => call(contract.listPromotions, { signal }),
});

interface NewDecision {
  action: contract.DecisionAction;
  assetIds: readonly string[];
  note: string;
}

/** Undefined when every asset was like that already. */
export async function decide({ action, assetIds, note }: NewDecision): Promise<contract.Decision | null> {
  const madeOn = `${window.location.pathname}${window.location.search}`.slice(0, 1000);
  const { decision } = await call(contract.decide, {
    body: { action, assetIds: [...assetIds], note, madeOn },
  });
  refresh();
  return decision;
}

export async function undoDecision(decisionId: string): Promise<contract.Decision> {
  const undone = await call(contract.undoDecision, { params: { decisionId } });
  refresh();
  return undone;
}

/** Nearly every list shows something of an asset that a decision may have changed. */
function refresh(): void {
  void queryClient.invalidateQueries();
}
