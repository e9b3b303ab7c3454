import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type Dimension, dimensionsQuery, type Term } from './api.ts';
import { DimensionSection } from './dimension-section.tsx';
import { MergeSheet } from './merge-sheet.tsx';
import { TaxonomyHealth } from './taxonomy-health.tsx';
import classes from './taxonomy-page.module.css';

const pageState = z.object({ show: z.enum(['health']).optional().catch(undefined) });

const views = [
  { value: undefined, name: 'All terms', count: null },
  { value: 'health', name: 'What to tidy', count: null },
] as const;

function NoTerms() {
  return (
    <EmptyState
      title="No terms yet"
      miniature={<MiniatureRows widths={['22%', '48%', '12%']} />}
      action={
        <LinkButton to={paths.importLibrary} variant="default">
          Import a library with its terms
        </LinkButton>
      }
    >
      Terms are the words by which reps find content: who it is for, when in a deal, against which objection.
      Add the first ones below, or bring them along with your library.
    </EmptyState>
  );
}

/** The taxonomy: each dimension with its terms in the order in which everybody sees them. */
export function TaxonomyPage() {
  const dimensions = useQuery(dimensionsQuery);
  const [{ show }, change] = useUrlState(pageState);
  const [merging, setMerging] = useState<{ term: Term; into?: Term }>();
  const items = dimensions.data?.items ?? [];
  const hasTerms = items.some((dimension) => dimension.terms.length > 0);
  return (
    <>
      <PageHeader
        title="Terms"
        lead="The words by which content is found. Synonyms are what reps and buyers say; search understands them too."
      />
      {dimensions.error && <ProblemNote error={dimensions.error} onRetry={() => void dimensions.refetch()} />}
      {dimensions.isPending && <SkeletonRows rows={10} widths={['18%', '46%', '12%', '6%']} />}
      {dimensions.data && !hasTerms && <NoTerms />}
      {hasTerms && (
        <CountTabs
          label="Show"
          className={classes.views}
          value={show}
          onChoose={(value) => change({ show: value })}
          tabs={views}
        />
      )}
      {hasTerms && show === 'health' && (
        <TaxonomyHealth dimensions={items} onMerge={(term, into) => setMerging({ term, into })} />
      )}
      {dimensions.data && show === undefined && (
        <div className={classes.columns}>
          <Contents dimensions={items} />
          <div>
            {items.map((dimension) => (
              <DimensionSection
                key={dimension.key}
                dimension={dimension}
                onMerge={(term) => setMerging({ term })}
              />
            ))}
          </div>
        </div>
      )}
      {merging && (
        <MergeSheet
          term={merging.term}
          into={merging.into}
          dimension={items.find((dimension) => dimension.key === merging.term.dimensionKey)}
          onClose={() => setMerging(undefined)}
        />
      )}
    </>
  );
}

function Contents({ dimensions }: { dimensions: readonly Dimension[] }) {
  return (
    <nav aria-label="Dimensions" className={classes.contents}>
      <ul>
        {dimensions.map(({ key, name, terms }) => (
          <li key={key}>
            <a href={`#${key}`} className={classes.jump}>
              {name}
              <span className={classes.count}>
                {formatNumber(terms.filter((term) => !term.isRetired).length)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
