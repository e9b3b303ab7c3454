import * as contract from '@offshelf/server/contract/aging';
import { changeShareLink } from '@offshelf/server/contract/shares';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';

export type {
  Aging,
  ExpiringAsset,
  FallingAsset,
  FlagAnswerKind,
  FlaggedAsset,
  HeldVersion,
  HotStaleAsset,
} from '@offshelf/server/contract/aging';

/** What is going off in a slice: so many of each list. */
export function agingQuery(slice: SliceState, most: number) {
  const query = { ...sliceQuery(slice), most };
  return queryOptions({
    queryKey: ['aging', query],
    queryFn: ({ signal }) => call(contract.readAging, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** What was answered about an asset to those who called it wrong or outdated. */
export function flagAnswersQuery(assetId: string) {
  return queryOptions({
    queryKey: ['aging', 'answers', assetId],
    queryFn: ({ signal }) => call(contract.listFlagAnswers, { params: { assetId }, signal }),
  });
}

export async function answerFlags(assetId: string, kind: contract.FlagAnswerKind, sentence: string) {
  const answer = await call(contract.answerFlags, { params: { assetId }, body: { kind, sentence } });
  await queryClient.invalidateQueries({ queryKey: ['aging'] });
  return answer;
}

export async function takeAnswerBack(answerId: string) {
  await call(contract.takeAnswerBack, { params: { answerId } });
  await queryClient.invalidateQueries({ queryKey: ['aging'] });
}

/** The share link shows the current version from now on, and any later one; or keeps the one that is current. */
export async function bringToCurrent(shareLinkId: string) {
  await call(changeShareLink, { params: { shareLinkId }, body: { isPinned: false } });
  await queryClient.invalidateQueries({ queryKey: ['aging'] });
}
