import * as contract from '@offshelf/server/contract/team';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type { Rep, Team } from '@offshelf/server/contract/team';
export type TeamReport = typeof contract.readTeams.response._output;

/** Who is selling does it the same way whatever asset it is, so of the slice only the days count. */
export function teamsQuery(slice: SliceState) {
  const { days, from, to } = sliceQuery(slice);
  const query = { ...(days && { days }), ...(from && { from }), ...(to && { to }) };
  return queryOptions({
    queryKey: ['teams', query],
    queryFn: ({ signal }) => call(contract.readTeams, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export async function changeTeam(team: string | null, showsRanking: boolean): Promise<void> {
  await call(contract.changeTeam, { body: { team, showsRanking } });
  await queryClient.invalidateQueries({ queryKey: ['teams'] });
}
