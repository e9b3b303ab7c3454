import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLiveCards } from '../rendering/api.ts';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonCards } from '../ui/skeletons.tsx';
import { endQuestion, type SearchAnswer, type SearchHit, searchQuery } from './api.ts';
import { FindBox, type FocusTargets } from './find-box.tsx';
import { FindHome } from './find-home.tsx';
import classes from './find-page.module.css';
import { Preview } from './preview.tsx';
import { type Asking, useQuestion } from './question.ts';
import { Results } from './results.tsx';
import { SituationChips } from './situation-chips.tsx';
import { Understood } from './understood.tsx';

/** The rep's home: one box that is the page until there is a question. */
export function FindPage() {
  usePageTitle('Find');
  const { asking, text } = useQuestion();
  const [wantsMore, setWantsMore] = useState(false);
  const { question, isHome, isReading, openId } = asking;
  const search = useInfiniteQuery({
    ...searchQuery(question, wantsMore),
    enabled: !isHome && !isReading,
    placeholderData: (before) => before,
  });
  const focus = useFocusTargets();
  useEffect(() => {
    if (isHome) endQuestion();
  }, [isHome]);
  const first = isHome ? undefined : search.data?.pages[0];
  useAddressOfLongText(asking, search.isPlaceholderData ? undefined : first?.searchId);
  usePages(asking.pageCount, search);

  const hits = useLiveHits(search.data);
  const answered = useLatest(question, !search.isPlaceholderData);
  const shown = [
    ...hits,
    ...(first?.nearest ?? []),
    ...(first?.message?.objections ?? []).flatMap((o) => o.items),
  ];
  return (
    <>
      <div className={classes.ask}>
        <FindBox
          text={text}
          onType={asking.type}
          focus={focus}
          isSearching={!isHome && search.isFetching && !search.isFetchingNextPage}
          isPreviewing={openId !== undefined}
        />
        <SituationChips
          termIds={question.filters.termIds}
          accountId={question.accountId}
          isHome={isHome}
          onChange={asking.change}
          facets={first?.facets}
          account={first?.understanding.account ?? null}
        />
        {first && (
          <Understood
            question={answered}
            onChange={asking.change}
            onReplace={asking.replace}
            understanding={first.understanding}
            facets={first.facets}
          />
        )}
      </div>
      <div className={classes.below}>
        {asking.readError ? <ProblemNote error={asking.readError} /> : null}
        {isReading && <SkeletonCards cards={5} />}
        {isHome && !asking.readError && <FindHome asking={asking} />}
        {!isHome && !isReading && (
          <Results
            asking={asking}
            search={search}
            hits={hits}
            focus={focus}
            wantsMore={wantsMore}
            onWantsMore={setWantsMore}
          />
        )}
      </div>
      <Preview
        assetId={openId}
        hit={shown.find((hit) => hit.asset.id === openId)}
        query={question.query}
        onClose={() => asking.open(undefined)}
      />
    </>
  );
}

/** The value of the last time when it counted. */
function useLatest<T>(value: T, counts: boolean): T {
  const latest = useRef(value);
  if (counts) latest.current = value;
  return latest.current;
}

function useFocusTargets(): FocusTargets {
  const box = useRef<HTMLTextAreaElement>(null);
  const results = useRef<HTMLDivElement>(null);
  return useMemo(() => ({ box, results }), []);
}

/** The hits with their pictures as they arrive; the same list while nothing has arrived. */
function useLiveHits(data: InfiniteData<SearchAnswer> | undefined): readonly SearchHit[] {
  const hits = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const cards = useLiveCards(hits.map((hit) => hit.asset));
  const live = hits.map((hit, index) => {
    const card = cards[index];
    return card === undefined || card === hit.asset ? hit : { ...hit, asset: card };
  });
  const shown = useRef<readonly SearchHit[]>(live);
  const isSame =
    shown.current.length === live.length && live.every((hit, index) => hit === shown.current[index]);
  if (!isSame) shown.current = live;
  return shown.current;
}

const settledAfterMs = 1200;

/** Once a long text rests, the address names its search. */
function useAddressOfLongText({ settle }: Asking, searchId: string | undefined): void {
  useEffect(() => {
    if (!searchId) return;
    const timer = setTimeout(() => settle(searchId), settledAfterMs);
    return () => clearTimeout(timer);
  }, [searchId, settle]);
}

/** Reads on until as many pages are there as the address says. */
function usePages(
  wanted: number,
  search: {
    data: { pages: unknown[] } | undefined;
    hasNextPage: boolean;
    isFetching: boolean;
    isError: boolean;
    fetchNextPage: () => unknown;
  },
): void {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = search;
  const lacks = data !== undefined && data.pages.length < wanted && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (lacks) void fetchNextPage();
  }, [lacks, fetchNextPage]);
}
