import * as contract from '@offshelf/server/contract/feedback';
import type { Caller } from '@offshelf/server/contract/http';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { ObjectionNote } from '@offshelf/server/contract/feedback';

export interface NoteFilter {
  objection?: string | undefined;
  persona?: string | undefined;
  stage?: string | undefined;
  deal?: string | undefined;
  asset?: string | undefined;
  isUnsorted?: 'true' | undefined;
  isOwn?: 'true' | undefined;
}

const given = (filter: NoteFilter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as NoteFilter;

/** Newest first. */
export function objectionNotesQuery(filter: NoteFilter) {
  const query = given(filter);
  return infiniteQueryOptions({
    queryKey: ['objection-notes', query],
    queryFn: ({ pageParam, signal }) =>
      call(contract.listObjectionNotes, {
        query: { ...query, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Every note of a filter, for a file. */
export async function readAllNotes(filter: NoteFilter): Promise<contract.ObjectionNote[]> {
  const all: contract.ObjectionNote[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(filter, cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

const readPage = (filter: NoteFilter, cursor: string | null) =>
  call(contract.listObjectionNotes, { query: { ...given(filter), limit: 200, ...(cursor && { cursor }) } });

export async function suggestTerms(text: string) {
  return (await call(contract.suggestObjectionTerms, { body: { text } })).terms;
}

export function notableDealsQuery(query: string, deal: string | null) {
  return queryOptions({
    queryKey: ['objection-notes', 'deals', query, deal],
    queryFn: ({ signal }) =>
      call(contract.listNotableDeals, { query: { query, ...(deal && { deal }) }, signal }),
    placeholderData: keepPreviousData,
  });
}

export const noteObjection = (body: Caller<typeof contract.createObjectionNote.body>) =>
  readAnew(call(contract.createObjectionNote, { body }));

export const changeNote = (objectionNoteId: string, body: Caller<typeof contract.updateObjectionNote.body>) =>
  readAnew(call(contract.updateObjectionNote, { params: { objectionNoteId }, body }));

export const takeNoteBack = (objectionNoteId: string) =>
  readAnew(call(contract.deleteObjectionNote, { params: { objectionNoteId } }));

/** What was heard is demand for what covers it. */
async function readAnew<T>(answer: Promise<T>): Promise<T> {
  const done = await answer;
  await Promise.all(
    ['objection-notes', 'objections', 'coverage'].map((key) =>
      queryClient.invalidateQueries({ queryKey: [key] }),
    ),
  );
  return done;
}
