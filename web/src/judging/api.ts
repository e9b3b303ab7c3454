import * as contract from '@offshelf/server/contract/judging';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type {
  MadeJudgement,
  Measurement,
  Overruling,
  Rejudging,
  Rule,
  VisitReasons,
} from '@offshelf/server/contract/judging';

const whileRejudgingMs = 1_000;
const otherwiseMs = 30_000;

export function visitReasonsQuery(visitId: string) {
  return queryOptions({
    queryKey: ['visit-reasons', visitId],
    queryFn: ({ signal }) => call(contract.explainVisit, { params: { visitId }, signal }),
  });
}

/** A person's word changes what counts wherever visits are counted. */
async function refreshCounts(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'visit-reasons' });
}

export async function overrule(visitId: string, said: contract.Overruling): Promise<void> {
  const reasons = await call(contract.overruleVisit, { params: { visitId }, body: { said } });
  queryClient.setQueryData(visitReasonsQuery(visitId).queryKey, reasons);
  await refreshCounts();
}

export async function undoOverruling(visitId: string): Promise<void> {
  await call(contract.undoOverruling, { params: { visitId } });
  await queryClient.invalidateQueries({ queryKey: ['visit-reasons', visitId] });
  await refreshCounts();
}

/** How well this instance measures; asked again more often while the past is judged again. */
export const measurementQuery = queryOptions({
  queryKey: ['measurement'],
  queryFn: ({ signal }) => call(contract.readMeasurement, { signal }),
  refetchInterval: ({ state }) =>
    state.data?.rejudgings.some(({ finishedAt }) => finishedAt === null) ? whileRejudgingMs : otherwiseMs,
});

export async function rejudgePast(): Promise<void> {
  await call(contract.rejudgePast, {});
  await queryClient.invalidateQueries({ queryKey: ['measurement'] });
}
