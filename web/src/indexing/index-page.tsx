import { Progress } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useUser } from '../auth/api.ts';
import { formatNumber, formatRelative, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useMinute } from '../ui/words.tsx';
import { type IndexEngine, isRebuilding, type SearchIndex, searchIndexQuery, startRebuild } from './api.ts';
import classes from './index-page.module.css';

const names: Record<IndexEngine['key'], string> = { postgres: 'PostgreSQL', meilisearch: 'Meilisearch' };

/** Which engine answers searches and why, and what each of them knows. */
export function SearchIndexPage() {
  const index = useQuery(searchIndexQuery);
  const isAdmin = useUser().role === 'admin';
  return (
    <>
      <PageHeader
        title="Search"
        lead="What answers when somebody searches, and whether it knows the whole library."
        actions={isAdmin && <RebuildButton index={index.data} />}
      />
      {index.error && !index.data && <ProblemNote error={index.error} onRetry={() => void index.refetch()} />}
      {index.data ? <Overview index={index.data} /> : <div className={classes.overview} aria-hidden="true" />}
      {index.data && <Engines index={index.data} isAdmin={isAdmin} />}
    </>
  );
}

function RebuildButton({ index }: { index: SearchIndex | undefined }) {
  const rebuild = useMutation({ mutationFn: startRebuild, onError: notifyProblem });
  const isBusy = index !== undefined && isRebuilding(index);
  return (
    <ConfirmButton
      question="Everything is read again from the library. Searches go on meanwhile, with the index as it is now."
      confirmLabel="Rebuild"
      isHarmless
      disabled={!index || isBusy}
      loading={rebuild.isPending}
      onConfirm={() => rebuild.mutate()}
    >
      {isBusy ? 'Rebuilding' : 'Rebuild'}
    </ConfirmButton>
  );
}

function Overview({ index }: { index: SearchIndex }) {
  const { answeredBy, fallbackReason, rebuild } = index;
  return (
    <section className={classes.overview} aria-label="Now">
      <p className={classes.sentence} role="status">
        {fallbackReason === null
          ? `${names[answeredBy]} answers searches.`
          : 'PostgreSQL answers searches in place of Meilisearch.'}
      </p>
      {fallbackReason !== null && (
        <p className={classes.reason}>
          {fallbackReason} Searches work all the same. Meilisearch is tried again by itself.
        </p>
      )}
      {rebuild && <Rebuild rebuild={rebuild} />}
    </section>
  );
}

function Rebuild({ rebuild }: { rebuild: NonNullable<SearchIndex['rebuild']> }) {
  const now = useMinute();
  const { state, doneCount, totalCount, finishedAt, reason } = rebuild;
  if (state === 'queued') return <p className={classes.rebuild}>The rebuild begins in a moment.</p>;
  if (state === 'running') {
    const share = totalCount === 0 ? 0 : (doneCount / totalCount) * 100;
    return (
      <div className={classes.rebuild}>
        <p>
          Rebuilding: {formatNumber(Math.floor(share))}% is read. Searches go on with the index as it was.
        </p>
        <Progress
          value={share}
          size={6}
          aria-label="Rebuild of the index"
          transitionDuration={180}
          className={classes.bar}
        />
      </div>
    );
  }
  const when = finishedAt ? formatRelative(finishedAt, now) : '';
  if (state === 'done') return <p className={classes.quiet}>Last rebuilt {when}.</p>;
  return (
    <p className={classes.reason}>
      The rebuild {when} was not finished. {reason} The index from before is still in use.
    </p>
  );
}

function Engines({ index, isAdmin }: { index: SearchIndex; isAdmin: boolean }) {
  return (
    <section aria-label="Engines">
      <ul className={classes.engines}>
        {index.engines.map((engine) => (
          <li key={engine.key} className={classes.engine}>
            <h2 className={classes.name}>
              {names[engine.key]} {engine.version && <span className="quiet">{engine.version}</span>}
            </h2>
            <EngineState engine={engine} answers={index.answeredBy === engine.key} />
            <p className={classes.holds}>{holdsWords(engine, index.publishedCount)}</p>
            <Waiting engine={engine} />
            {engine.failedCount > 0 && (
              <p className={classes.fault}>
                {failedWords(engine)} {isAdmin && <AppLink to={paths.jobs}>See the jobs that failed</AppLink>}
              </p>
            )}
          </li>
        ))}
      </ul>
      {index.engines.length === 1 && (
        <p className={classes.hint}>
          PostgreSQL is enough for most libraries. A Meilisearch server can answer instead: set{' '}
          <code>MEILI_URL</code> and <code>MEILI_KEY</code>, and it is filled by itself. PostgreSQL then
          stands by for whenever Meilisearch cannot answer.
        </p>
      )}
    </section>
  );
}

function EngineState({ engine, answers }: { engine: IndexEngine; answers: boolean }) {
  if (!engine.isReachable) return <StatusBadge tone="broken">Cannot be reached</StatusBadge>;
  if (answers) return <StatusBadge tone="good">Answers</StatusBadge>;
  return <StatusBadge tone="quiet">Stands by</StatusBadge>;
}

function holdsWords({ documentCount }: IndexEngine, publishedCount: number): string {
  if (documentCount === null) return 'What it holds is not known while it cannot be reached.';
  if (publishedCount === 0) return 'Nothing is published yet, so there is nothing to find.';
  if (documentCount === publishedCount)
    return publishedCount === 1
      ? 'Knows the one published asset.'
      : `Knows all ${formatNumber(publishedCount)} published assets.`;
  return `Knows ${formatNumber(documentCount)} of ${plural(publishedCount, 'published asset')}.`;
}

function Waiting({ engine: { waitingCount, oldestWaitingAt } }: { engine: IndexEngine }) {
  const now = useMinute();
  if (waitingCount === 0) return <p className={classes.quiet}>No change waits.</p>;
  const words = waitingCount === 1 ? 'One change waits' : `${formatNumber(waitingCount)} changes wait`;
  const since = oldestWaitingAt ? `, the oldest came ${formatRelative(oldestWaitingAt, now)}` : '';
  return <p className={classes.quiet}>{`${words} to be taken in${since}.`}</p>;
}

function failedWords({ key, failedCount }: IndexEngine): string {
  if (key === 'meilisearch')
    return 'It did not take in the last changes. They are kept and tried again every few minutes.';
  return failedCount === 1
    ? 'One asset could not be taken in, and may be found by its old words.'
    : `${formatNumber(failedCount)} assets could not be taken in, and may be found by their old words.`;
}
