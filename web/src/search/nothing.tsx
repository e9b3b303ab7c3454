import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { newestAssetsQuery, type SearchAnswer } from './api.ts';
import type { FocusTargets } from './find-box.tsx';
import { HitList } from './hit-list.tsx';
import type { Asking } from './question.ts';
import { RequestIt } from './request-it.tsx';
import classes from './results.module.css';
import { Situations } from './situations.tsx';

interface NothingProps {
  asking: Asking;
  first: SearchAnswer;
  focus: FocusTargets;
  /** Whether the answer is to what is asked now. */
  isCurrent: boolean;
}

/** No result: what comes nearest, the ways to one, and asking for it. An empty library says what it needs instead. */
export function Nothing({ asking, first, focus, isCurrent }: NothingProps) {
  const newest = useQuery(newestAssetsQuery);
  const parts = useMemo(() => {
    const nearest = first.nearest.map((hit) => ({ key: hit.asset.id, hit, shape: 'row' as const }));
    return { objections: [], list: nearest, all: nearest };
  }, [first.nearest]);
  if (newest.data?.total === 0) return <EmptyLibrary />;
  const { question } = asking;
  const { query, filters } = question;
  const isNarrowed = filters.termIds.length > 0 || filters.audience !== null;
  const selected = first.facets
    .flatMap((facet) => facet.terms)
    .filter((term) => filters.termIds.includes(term.id));
  const words = query.length > 120 ? `${query.slice(0, 119).trimEnd()}…` : query;
  return (
    <div className={classes.nothing} style={{ visibility: isCurrent ? undefined : 'hidden' }}>
      <h2 className={classes.nothingTitle}>
        {query ? `Nothing on the shelf answers “${words}”` : 'Nothing has all of these terms'}
        {query && isNarrowed && ' with these filters'}
      </h2>
      <div className={classes.ways}>
        <RequestIt first={first} asked={question} />
        {isNarrowed && (
          <Button variant="default" onClick={() => asking.change({ termIds: [], audience: null })}>
            {!query
              ? 'Clear the filters'
              : selected.length === 1 && !filters.audience
                ? `Search without “${selected[0]?.name ?? ''}”`
                : 'Search without filters'}
          </Button>
        )}
        {query && isNarrowed && (
          <Button variant="default" onClick={() => asking.change({ query: '', plainTermIds: [] })}>
            Keep only the filters
          </Button>
        )}
      </div>
      {query && (
        <p className={classes.hint}>
          Marketing sees what was not found. Until then: fewer and plainer words, or the situation.
        </p>
      )}
      {parts.all.length > 0 ? (
        <section className={classes.instead} aria-labelledby="nearest">
          <h3 id="nearest" className={classes.insteadTitle}>
            What comes nearest
          </h3>
          <HitList first={first} parts={parts} focus={focus} openId={asking.openId} onOpen={asking.open} />
        </section>
      ) : (
        <div className={classes.instead}>
          <h3 className={classes.insteadTitle}>Or start from the situation</h3>
          <Situations onAsk={(termId) => asking.change(situationOf(termId))} />
        </div>
      )}
    </div>
  );
}

/** Another question altogether: this term and nothing else. */
export function situationOf(termId: string) {
  return { query: '', termIds: [termId], audience: null, plainTermIds: [] };
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
