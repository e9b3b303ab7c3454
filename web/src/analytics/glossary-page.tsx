import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { paths } from '../lib/paths.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { type DescribedMetric, type Metric, metricsQuery } from './api.ts';
import classes from './glossary-page.module.css';

/** Every number that Offshelf shows, with its one definition. */
export function GlossaryPage() {
  const metrics = useQuery(metricsQuery);
  const { hash } = useLocation();
  const isThere = metrics.data !== undefined;
  useEffect(() => {
    if (isThere && hash) document.getElementById(hash)?.scrollIntoView({ block: 'start' });
  }, [isThere, hash]);
  return (
    <>
      <PageHeader
        title="Glossary of numbers"
        lead="Each number has one definition, wherever you meet it: on a page, in a CSV or in the API."
      />
      {metrics.error && <ProblemNote error={metrics.error} onRetry={() => void metrics.refetch()} />}
      {metrics.isPending && <SkeletonText lines={8} />}
      {metrics.data && (
        <div className={classes.columns}>
          <nav className={classes.index} aria-label="Numbers">
            <ul>
              {metrics.data.items.map((metric) => (
                <li key={metric.key}>
                  <Link
                    to={paths.glossary}
                    hash={metric.key}
                    activeOptions={{ includeHash: true }}
                    className={classes.anchor}
                  >
                    {metric.name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div>
            {metrics.data.items.map((metric) => (
              <Entry key={metric.key} metric={metric} isCurrent={hash === metric.key} />
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function Entry({ metric, isCurrent }: { metric: DescribedMetric; isCurrent: boolean }) {
  return (
    <section
      id={metric.key}
      className={classes.entry}
      data-current={isCurrent || undefined}
      aria-labelledby={`${metric.key}-name`}
    >
      <h2 id={`${metric.key}-name`} className={classes.name}>
        {metric.name}
      </h2>
      <p className={classes.definition}>{metric.definition}</p>
      <dl className={classes.facts}>
        <div>
          <dt>Unit</dt>
          <dd>{unitWords[metric.unit]}</dd>
        </div>
        <div>
          <dt>Shown from</dt>
          <dd>{metric.minimumN === 0 ? 'any n' : `n = ${metric.minimumN.toString()}`}</dd>
        </div>
        <div>
          <dt>As of</dt>
          <dd>{asOfWords[metric.asOf]}</dd>
        </div>
        <div>
          <dt>In the API</dt>
          <dd>
            <code>{metric.key}</code> at{' '}
            {metric.endpoints.map((endpoint, index) => (
              <span key={endpoint}>
                {index > 0 && ', '}
                <code>{endpoint}</code>
              </span>
            ))}
          </dd>
        </div>
      </dl>
      {metric.sql === null ? (
        <p className={classes.noQuery}>No single query says it: it is worked out from many rows.</p>
      ) : (
        <details className={classes.query}>
          <summary>As a query of the database</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
          <pre tabIndex={0}>{metric.sql}</pre>
          <p>
            <code>:start</code>, <code>:end</code>, <code>:first_day</code> and <code>:last_day</code> stand
            for the window, <code>:asset</code> for the asset in question.
          </p>
        </details>
      )}
    </section>
  );
}

const asOfWords: Record<DescribedMetric['asOf'], string> = {
  now: 'the moment you look',
  counted: 'the last count, within a minute',
  nightly: 'the last night, or the last change of deals',
};

const unitWords: Record<Metric['unit'], string> = {
  assets: 'Assets',
  ratio: 'Ratio, shown in %',
  visits: 'Visits',
  pages: 'Pages',
  'share links': 'Share links',
  'search sessions': 'Search sessions',
  gaps: 'Gaps',
  cells: 'Cells',
  notes: 'Notes',
  people: 'People',
  readers: 'Readers',
  deals: 'Deals',
  requests: 'Requests',
};
