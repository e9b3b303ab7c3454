import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { plural } from '../lib/format.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonCards } from '../ui/skeletons.tsx';
import { layOut } from './answer-parts.ts';
import type { Audience, Facet, SearchAnswer, SearchHit } from './api.ts';
import { FacetSheet, Facets, MoreFilters, otherTerms } from './facets.tsx';
import type { FocusTargets } from './find-box.tsx';
import { HitList } from './hit-list.tsx';
import { Nothing } from './nothing.tsx';
import type { Asking } from './question.ts';
import { RequestIt } from './request-it.tsx';
import classes from './results.module.css';
import { SaveSearch } from './save-search.tsx';

interface ResultsProps {
  asking: Asking;
  search: UseInfiniteQueryResult<InfiniteData<SearchAnswer>>;
  hits: readonly SearchHit[];
  focus: FocusTargets;
  /** Filters beyond the chips below the box. */
  wantsMore: boolean;
  onWantsMore: (wantsMore: boolean) => void;
}

/** What answers the question; the last answer stays until the next one is there. */
export function Results({ asking, search, hits, focus, wantsMore, onWantsMore }: ResultsProps) {
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const first = search.data?.pages[0];
  const { question } = asking;
  const parts = useMemo(() => first && layOut(first, hits), [first, hits]);
  const isLate = useIsLate(search.isPending || search.isPlaceholderData);

  if (search.error && !first)
    return <ProblemNote error={search.error} onRetry={() => void search.refetch()} />;
  if (!first || !parts) return <Searching isLate={isLate} />;

  const narrow = {
    facets: first.facets,
    asked: question,
    onTerms: (termIds: string[]) => asking.change({ termIds }),
    onAudience: (audience: Audience | null) => asking.change({ audience }),
  };
  const chosenCount = question.filters.termIds.length + (question.filters.audience ? 1 : 0);
  const count = plural(first.total, 'asset');
  const isCurrent = !search.isPlaceholderData;
  return (
    <div className={classes.results}>
      <div className={classes.summary}>
        <p className={classes.count} role="status">
          {count}
          <span className="only-heard">{question.query ? ` for ${question.query.slice(0, 80)}` : ''}</span>
        </p>
        <Chosen asking={asking} facets={first.facets} />
        <span className={classes.tools}>
          <SaveSearch asked={question} />
          {isPhone ? (
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.5} aria-hidden />}
              onClick={() => {
                onWantsMore(true);
                setIsSheetOpen(true);
              }}
            >
              {chosenCount > 0 ? `Filters, ${chosenCount.toString()} set` : 'Filters'}
            </Button>
          ) : (
            <MoreFilters wantsMore={wantsMore} onToggle={() => onWantsMore(!wantsMore)} />
          )}
        </span>
      </div>
      {!isPhone && wantsMore && (
        <div className={classes.facets}>
          <Facets {...narrow} />
        </div>
      )}
      {isPhone && (
        <FacetSheet
          {...narrow}
          isOpen={isSheetOpen}
          onClose={() => setIsSheetOpen(false)}
          onClear={() => asking.change({ termIds: [], audience: null })}
          doneLabel={`Show ${count}`}
        />
      )}
      {search.error && <ProblemNote error={search.error} onRetry={() => void search.refetch()} />}
      <div className={classes.answers} data-stale={!isCurrent || undefined} data-late={isLate || undefined}>
        {parts.all.length > 0 && <Remarks first={first} />}
        {parts.all.length > 0 || parts.objections.length > 0 ? (
          <HitList first={first} parts={parts} focus={focus} openId={asking.openId} onOpen={asking.open} />
        ) : (
          <Nothing asking={asking} first={first} focus={focus} isCurrent={isCurrent} />
        )}
      </div>
      {search.hasNextPage && isCurrent && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={search.isFetchingNextPage}
            onClick={() => asking.showPages((search.data?.pages.length ?? 1) + 1)}
          >
            Show more of {count}
          </Button>
        </div>
      )}
      {parts.all.length > 0 && isCurrent && (
        <p className={classes.missing}>
          Not what you need? <RequestIt first={first} asked={question} isQuiet />
        </p>
      )}
    </div>
  );
}

/** A quick answer needs no picture of itself before it. */
function Searching({ isLate }: { isLate: boolean }) {
  return (
    <div role="status" aria-label="Searching">
      {isLate && <SkeletonCards cards={5} />}
    </div>
  );
}

const lateAfterMs = 300;

/**
 * An answer that is overtaken fades, and the first is announced by its shape, only when the next one takes its time.
 * An animation that waits for that would have the browser draw the whole list anew with every letter.
 */
function useIsLate(isWaiting: boolean): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setIsLate(true), lateAfterMs);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [isWaiting]);
  return isWaiting && isLate;
}

/** What to know before the results are read: words that nothing says, and what has only some of them. */
function Remarks({ first: { closeCount, understanding } }: { first: SearchAnswer }) {
  const quoted = understanding.unknownWords.slice(0, 4).map((word) => `“${word}”`);
  const fits = closeCount === 1 ? '1 asset fits' : `${(closeCount ?? 0).toString()} assets fit`;
  const remarks = [
    ...(quoted.length > 0 ? [`No asset says ${quoted.join(' or ')}.`] : []),
    ...(closeCount === 0 ? ['Nothing fits all of your words; these fit some of them.'] : []),
    ...(closeCount ? [`${fits} your words; the others fit only some of them.`] : []),
  ];
  return remarks.length > 0 && <p className={classes.remarks}>{remarks.join(' ')}</p>;
}

const audienceWords: Record<Audience, string> = {
  external: 'Can be shared',
  internal: 'Internal only',
};

/** What narrows the results beyond the chips below the box, each with its way out. */
function Chosen({ asking, facets }: { asking: Asking; facets: Facet[] }) {
  const { termIds, audience } = asking.question.filters;
  const terms = otherTerms(facets).filter((term) => termIds.includes(term.id));
  if (terms.length === 0 && !audience) return null;
  return (
    <ul className={classes.chosen} aria-label="Filters that are set">
      {terms.map((term) => (
        <li key={term.id}>
          <Removable
            name={term.name}
            onRemove={() => asking.change({ termIds: termIds.filter((other) => other !== term.id) })}
          />
        </li>
      ))}
      {audience && (
        <li>
          <Removable name={audienceWords[audience]} onRemove={() => asking.change({ audience: null })} />
        </li>
      )}
    </ul>
  );
}

function Removable({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      className={classes.removable}
      onClick={onRemove}
      aria-label={`Remove filter ${name}`}
    >
      <span>{name}</span>
      <IconX size={14} stroke={1.75} aria-hidden />
    </button>
  );
}
