import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isCurator, useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { type Asked, type Audience, type Facet, newestAssetsQuery } from './api.ts';
import classes from './find-page.module.css';
import { Situations } from './situations.tsx';

interface NothingProps {
  asked: Asked;
  facets: Facet[];
  /** Whether the answer is to what is asked now. */
  isCurrent: boolean;
  onTerms: (termIds: string[]) => void;
  onAudience: (audience: Audience | null) => void;
  onQuery: (query: string) => void;
  onSituation: (termId: string) => void;
}

/** No result: the nearest way to one. An empty library says what it needs instead. */
export function Nothing({
  asked,
  facets,
  isCurrent,
  onTerms,
  onAudience,
  onQuery,
  onSituation,
}: NothingProps) {
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
              {isNarrowed
                ? 'Look at everything that fits the filters.'
                : 'Go back to what buyers say and what is new.'}
              <Button variant="default" size="xs" onClick={() => onQuery('')}>
                {isNarrowed ? 'Keep only the filters' : 'Start again'}
              </Button>
            </li>
          </>
        )}
      </ul>
      <div className={classes.instead}>
        <h3 className={classes.insteadTitle}>Or start from the situation</h3>
        <Situations onAsk={onSituation} />
      </div>
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
