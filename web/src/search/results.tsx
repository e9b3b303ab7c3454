import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { SearchHit } from '@offshelf/server/contract/search';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonCards } from '../ui/skeletons.tsx';
import type { Asked, Audience, Facet } from './api.ts';
import { FacetSheet, Facets, MoreFilters } from './facets.tsx';
import type { FocusTargets } from './find-box.tsx';
import classes from './find-page.module.css';
import { HitList } from './hit-list.tsx';
import { Nothing } from './nothing.tsx';

interface Answer {
  items: SearchHit[];
  facets: Facet[];
  total: number;
}

interface ResultsProps {
  asked: Asked;
  search: UseInfiniteQueryResult<InfiniteData<Answer>>;
  hits: SearchHit[];
  focus: FocusTargets;
  openId: string | undefined;
  onOpen: (assetId: string | undefined) => void;
  onTerms: (termIds: string[]) => void;
  onAudience: (audience: Audience | null) => void;
  onQuery: (query: string) => void;
  /** Another question altogether: this term and nothing else. */
  onSituation: (termId: string) => void;
}

/** What answers the question; the last answer stays until the next one is there. */
export function Results(props: ResultsProps) {
  const { asked, search, hits, onTerms, onAudience } = props;
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const [wantsMore, setWantsMore] = useState(false);
  const first = search.data?.pages[0];

  if (search.error && !first)
    return <ProblemNote error={search.error} onRetry={() => void search.refetch()} />;
  if (!first)
    return (
      <div role="status" aria-label="Searching">
        <SkeletonCards cards={5} />
      </div>
    );

  const narrow = { facets: first.facets, asked, onTerms, onAudience };
  const chosenCount = asked.termIds.length + (asked.audience ? 1 : 0);
  const count = plural(first.total, 'asset');
  return (
    <div className={classes.results}>
      {!isPhone && <Facets {...narrow} wantsMore={wantsMore} />}
      <div className={classes.summary}>
        <p className={classes.count} role="status">
          {count}
          <span className="only-heard">{asked.query ? ` for ${asked.query}` : ''}</span>
        </p>
        <Chosen {...narrow} />
        {!isPhone && <MoreFilters wantsMore={wantsMore} onToggle={() => setWantsMore((was) => !was)} />}
        {isPhone && (
          <Button
            variant="default"
            size="xs"
            className={classes.filters}
            leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.5} aria-hidden />}
            onClick={() => setIsSheetOpen(true)}
          >
            {chosenCount > 0 ? `Filters, ${chosenCount.toString()} set` : 'Filters'}
          </Button>
        )}
      </div>
      {isPhone && (
        <FacetSheet
          {...narrow}
          isOpen={isSheetOpen}
          onClose={() => setIsSheetOpen(false)}
          doneLabel={`Show ${count}`}
        />
      )}
      {search.error && <ProblemNote error={search.error} onRetry={() => void search.refetch()} />}
      <div className={classes.answers} data-stale={search.isPlaceholderData || undefined}>
        {hits.length > 0 ? (
          <HitList {...props} hits={hits} />
        ) : (
          <Nothing {...props} facets={first.facets} isCurrent={!search.isPlaceholderData} />
        )}
      </div>
      {search.hasNextPage && !search.isPlaceholderData && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={search.isFetchingNextPage}
            onClick={() => void search.fetchNextPage()}
          >
            Show more of {count}
          </Button>
        </div>
      )}
    </div>
  );
}

type ChosenProps = Pick<ResultsProps, 'asked' | 'onTerms' | 'onAudience'> & { facets: Facet[] };

/** What narrows the results, each with its way out. */
function Chosen({ asked, facets, onTerms, onAudience }: ChosenProps) {
  const terms = facets.flatMap((facet) => facet.terms).filter((term) => term.isSelected);
  if (terms.length === 0 && !asked.audience) return null;
  const remove = (termId: string) => onTerms(asked.termIds.filter((other) => other !== termId));
  return (
    <ul className={classes.chosen} aria-label="Filters that are set">
      {terms.map((term) => (
        <li key={term.id}>
          <Removable name={term.name} onRemove={() => remove(term.id)} />
        </li>
      ))}
      {asked.audience && (
        <li>
          <Removable name={audienceWords[asked.audience]} onRemove={() => onAudience(null)} />
        </li>
      )}
    </ul>
  );
}

const audienceWords: Record<Audience, string> = {
  external: 'Can be shared',
  internal: 'Internal only',
};

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
