import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Wanted } from '../lib/marks.ts';
import { type Found, findQuery } from './api.ts';

/** One place where the words are. */
export interface Match {
  pageNumber: number;
  /** Which match of its page, from 0. */
  index: number;
  isInNotes: boolean;
}

export interface Finding {
  query: string;
  found: Found | undefined;
  error: Error | null;
  isFinding: boolean;
  /** What to mark: the words as the search found them. */
  wanted: Wanted;
  matchCount: number;
  /** Which of all matches somebody is at, from 0; -1 before they went to one. */
  at: number;
  match: Match | undefined;
  goTo: (at: number) => Match | undefined;
}

/** The search inside a document, else the words that led to it: where the words are, and which of the places somebody is at. */
export function useFinding(assetVersionId: string, query: string, marks: readonly string[]): Finding {
  const isAsked = query.trim() !== '';
  const { data, error, isFetching } = useQuery({
    ...findQuery(assetVersionId, query.trim()),
    enabled: isAsked,
  });
  const found = isAsked ? data : undefined;
  const matches = useMemo(() => matchesOf(found), [found]);
  const marked = marks.join('\n');
  const wanted = useMemo(
    (): Wanted =>
      isAsked
        ? { words: found ? [query.trim()] : [], as: 'typed' }
        : { words: marked === '' ? [] : marked.split('\n'), as: 'words' },
    [isAsked, found, query, marked],
  );
  const [place, setPlace] = useState({ query, at: -1 });
  const at = place.query === query ? Math.min(place.at, matches.length - 1) : -1;
  return {
    query,
    found,
    error: isAsked ? error : null,
    isFinding: isAsked && isFetching,
    wanted,
    matchCount: matches.length,
    at,
    match: matches[at],
    goTo: (next) => {
      if (matches.length === 0) return undefined;
      const wrapped = ((next % matches.length) + matches.length) % matches.length;
      setPlace({ query, at: wrapped });
      return matches[wrapped];
    },
  };
}

/** The first match on this page or after it, else the first of all. */
export function firstMatchFrom(found: Found | undefined, pageNumber: number): number {
  const index = matchesOf(found).findIndex((match) => match.pageNumber >= pageNumber);
  return Math.max(0, index);
}

/** The first match of a page that was found. */
export function firstMatchOf(found: Found, page: Found['pages'][number]): number {
  const before = found.pages.slice(0, found.pages.indexOf(page));
  return matchesOf({ ...found, pages: before }).length;
}

function matchesOf(found: Found | undefined): Match[] {
  return (found?.pages ?? []).flatMap(({ pageNumber, matchCount, isInNotes }) =>
    Array.from({ length: Math.max(1, matchCount) }, (_, index) => ({ pageNumber, index, isInNotes })),
  );
}
