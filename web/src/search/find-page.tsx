import { id } from '@offshelf/server/contract/http';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { useUrlState } from '../lib/url-state.ts';
import { useLiveCards } from '../rendering/api.ts';
import { usePageTitle } from '../ui/page-header.tsx';
import { type Asked, endQuestion, type SearchHit, searchQuery } from './api.ts';
import { FindBox, type FocusTargets } from './find-box.tsx';
import { FindHome } from './find-home.tsx';
import classes from './find-page.module.css';
import { Preview } from './preview.tsx';
import { Results } from './results.tsx';

const pageState = z.object({
  q: z.string().max(400).catch(''),
  term: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(id('trm')).max(50))
    .catch([]),
  audience: z.enum(['internal', 'external']).optional().catch(undefined),
  asset: id('ast').optional().catch(undefined),
});

const situation = (termId: string) => ({ q: '', term: [termId], audience: undefined });

/** The rep's home: one box that is the page until there is a question. */
export function FindPage() {
  usePageTitle('Find');
  const [{ q, term, audience, asset: openId }, change] = useUrlState(pageState);
  const asked: Asked = { query: q, termIds: term, audience: audience ?? null };
  const isHome = q === '' && term.length === 0 && audience === undefined;
  const search = useInfiniteQuery({
    ...searchQuery(asked),
    enabled: !isHome,
    placeholderData: (before) => before,
  });
  const focus: FocusTargets = { box: useRef(null), results: useRef(null) };
  useEffect(() => {
    if (isHome) endQuestion();
  }, [isHome]);

  const hits = useLiveHits(search.data?.pages.flatMap((page) => page.items) ?? []);
  const open = (assetId: string | undefined) =>
    change(
      { asset: assetId },
      { keepsHistory: (assetId === undefined) !== (openId === undefined) && !openId },
    );

  return (
    <>
      <FindBox
        query={q}
        focus={focus}
        onQuery={(query) => change({ q: query }, { keepsHistory: isHome })}
        isSearching={search.isFetching && !search.isFetchingNextPage}
        isPreviewing={openId !== undefined}
      />
      <div className={classes.below}>
        {isHome ? (
          <FindHome
            onQuery={(query) => change({ q: query }, { keepsHistory: true })}
            onSituation={(termId) => change(situation(termId), { keepsHistory: true })}
            onOpen={open}
            openId={openId}
          />
        ) : (
          <Results
            asked={asked}
            search={search}
            hits={hits}
            focus={focus}
            openId={openId}
            onOpen={open}
            onTerms={(termIds) => change({ term: termIds }, { keepsHistory: true })}
            onAudience={(next) => change({ audience: next ?? undefined }, { keepsHistory: true })}
            onQuery={(query) => change({ q: query }, { keepsHistory: true })}
            onSituation={(termId) => change(situation(termId), { keepsHistory: true })}
          />
        )}
      </div>
      <Preview
        assetId={openId}
        hit={hits.find((hit) => hit.asset.id === openId)}
        query={q}
        onClose={() => open(undefined)}
      />
    </>
  );
}

/** The hits with their pictures as they arrive. */
function useLiveHits(hits: SearchHit[]): SearchHit[] {
  const cards = useLiveCards(hits.map((hit) => hit.asset));
  return hits.map((hit, index) => ({ ...hit, asset: cards[index] ?? hit.asset }));
}
