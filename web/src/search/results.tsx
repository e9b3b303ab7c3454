import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { SearchHit } from '@offshelf/server/contract/search';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import { type InfiniteData, type UseInfiniteQueryResult, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonCards } from '../ui/skeletons.tsx';
import { type Asked, type Audience, type Facet, newestAssetsQuery } from './api.ts';
import { FacetSheet, Facets } from './facets.tsx';
import classes from './find-page.module.css';
import type { FocusTargets } from './find-page.tsx';
import { HitList } from './hit-list.tsx';

interface Answer {
  items: SearchHit[];
  facets: Facet[];
  total: number;
}

export interface ResultsProps {
  asked: Asked;
  search: UseInfiniteQueryResult<InfiniteData<Answer>>;
  hits: SearchHit[];
  focus: FocusTargets;
  openId: string | undefined;
  onOpen: (assetId: string | undefined) => void;
  onTerms: (termIds: string[]) => void;
  onAudience: (audience: Audience | null) => void;
  onQuery: (query: string) => void;
}

/** What answers the question; the last answer stays until the next one is there. */
export function Results(props: ResultsProps) {
  const { asked, search, hits, onTerms, onAudience } = props;
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  const [isSheetOpen, setIsSheetOpen] = useState(false);
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
      {!isPhone && <Facets {...narrow} />}
      <div className={classes.summary}>
        <p className={classes.count} role="status">
          {count}
          <span className="only-heard">{asked.query ? ` for ${asked.query}` : ''}</span>
        </p>
        <Chosen {...narrow} />
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

export const audienceWords: Record<Audience, string> = {
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

/** No result: the nearest way to one. An empty library says what it needs instead. */
function Nothing({
  asked,
  facets,
  isCurrent,
  onTerms,
  onAudience,
  onQuery,
}: ResultsProps & { facets: Facet[]; isCurrent: boolean }) {
  const newest = useQuery(newestAssetsQuery);
  if (newest.data?.total === 0) return <EmptyLibrary />;
  const isNarrowed = asked.termIds.length > 0 || asked.audience !== null;
  const clearFilters = () => {
    if (asked.termIds.length > 0) onTerms([]);
    if (asked.audience) onAudience(null);
  };
  const selected = facets.flatMap((facet) => facet.terms).filter((term) => term.isSelected);
  return (
    <div className={classes.nothing} style={{ visibility: isCurrent ? undefined : 'hidden' }}>
      <h2 className={classes.nothingTitle}>
        {asked.query ? `Nothing on the shelf answers “${asked.query}”` : 'Nothing has all of these terms'}
        {asked.query && isNarrowed && ' with these filters'}
      </h2>
      <ul className={classes.ways}>
        {isNarrowed && (
          <li>
            {selected.length === 1 && !asked.audience
              ? `“${selected[0]?.name ?? ''}” may be one filter too many.`
              : 'The filters may leave too little.'}
            <Button variant="default" size="xs" onClick={clearFilters}>
              {asked.query ? 'Search without filters' : 'Clear the filters'}
            </Button>
          </li>
        )}
        {asked.query && (
          <>
            <li>Check the spelling of names, or say it in fewer, plainer words.</li>
            <li>
              Look through everything instead, newest first.
              <Button variant="default" size="xs" onClick={() => onQuery('')}>
                {isNarrowed ? 'Keep only the filters' : 'Start again'}
              </Button>
            </li>
          </>
        )}
      </ul>
    </div>
  );
}

/** Nobody has put anything on the shelf yet. */
export function EmptyLibrary() {
  const user = useUser();
  const title = 'The shelf is still empty';
  const miniature = <MiniatureRows widths={['30px', '46%', '14%']} />;
  if (!isCurator(user))
    return (
      <EmptyState title={title} miniature={miniature}>
        What marketing publishes can be found here, by what a buyer asks and by where the deal is. Ask them to
        import the library; it takes a few minutes.
      </EmptyState>
    );
  return (
    <EmptyState
      title={title}
      miniature={miniature}
      action={
        <>
          <LinkButton to={paths.library} variant="default">
            Upload files
          </LinkButton>
          <LinkButton to={paths.importLibrary}>Import a library</LinkButton>
        </>
      }
    >
      Import a folder with its list of titles and terms, or upload a few files. Once they are published,
      everybody finds them here.
    </EmptyState>
  );
}
