import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { useUrlState } from '../lib/url-state.ts';
import { progressWords, renderingProgressQuery } from '../rendering/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge, type Tone } from '../ui/badges.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type JobRun, type JobRunState, jobRunsQuery, retry } from './api.ts';
import classes from './jobs-page.module.css';

const states: Record<JobRunState, { word: string; tone: Tone }> = {
  queued: { word: 'Queued', tone: 'plain' },
  running: { word: 'Running', tone: 'look' },
  done: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'broken' },
};

/** What a job does, for somebody who has not read the code; its name there is in the detail. */
const words: Record<string, string> = {
  'index-asset': 'Update an asset in search',
  'index-meilisearch': 'Bring the search index up to date',
  'rebuild-search-index': 'Build the search index anew',
  'check-search-index': 'Compare the search index with the library',
  'refresh-search-evidence': 'Count what search ranks by',
  'render-file': 'Render the pages of a file',
  'read-web-link': 'Read the page behind a web link',
  'render-backlog': 'Queue files that wait for their pages',
  'check-web-links': 'Check that web links still open',
  'sweep-renditions': 'Clear pages that nobody needs',
  'run-import': 'Import a library',
  'run-deal-import': 'Check or import a file of deals',
  'sweep-deal-imports': 'Clear files of deals that nobody imported',
  'send-mail': 'Send an invitation or a reset link',
  'send-reset': 'Send a password reset link',
  'send-share-mail': 'Send a share link by e-mail',
  'send-email-code': 'Send a code to a reader',
  'notify-visit': 'See who is told of a visit',
  'notify-question': 'See who is told of a question',
  'send-notifications': 'Send notifications by e-mail or Slack',
  'send-due-notifications': 'Send what waited for quiet hours or the digest',
  'announce-share-link': 'Tell other systems of a new share link',
  'send-webhook': 'Deliver a message to a webhook',
  'sweep-sessions': 'Clear sessions that have ended',
  'sweep-uploads': 'Clear uploads that nobody added',
  'sweep-collections': 'Clear collections that were deleted',
  'sweep-tracking': 'Clear visits and raw requests past their time',
  'sweep-searches': 'Clear searches past their time',
  'sweep-email-codes': 'Clear codes that have lapsed',
  'sweep-notifications': 'Clear notifications past their time',
  'settle-judgements': 'Judge the visits of the last minutes again',
  'calibrate-judgements': 'Learn from visits that were confirmed',
  'rejudge-visits': 'Judge the past again',
  'open-months': 'Make room for visits of the months to come',
  'count-influence': 'Count what was read in deals that moved on',
  'measure-decisions': 'Count what came of decisions',
  'find-falls': 'Look for assets that are read less than before',
  'count-gaps': 'Count what was asked for and not found',
  'send-briefs': 'See who gets the weekly brief now',
  'send-brief': 'Send a weekly brief',
};

function jobWords(run: JobRun): string {
  return words[run.name] ?? run.name;
}

const pageState = z.object({
  state: z.enum(['failed', 'running', 'queued', 'done']).optional().catch(undefined),
});

/** What works in the background, and what it could not do. */
export function JobsPage() {
  const [{ state }, change] = useUrlState(pageState);
  const runs = useInfiniteQuery(jobRunsQuery(state));
  const [openId, setOpenId] = useState<string>();
  const again = useMutation({
    mutationFn: (run: JobRun) => retry(run.id),
    onSuccess: () => notifyDone('Queued again'),
    onError: notifyProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['job-runs'] }),
  });
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = runs.data?.pages[0]?.counts;
  const open = rows.find((run) => run.id === openId);
  const retryButton = (run: JobRun, size: 'xs' | 'sm') =>
    run.state === 'failed' && (
      <Button
        variant="default"
        size={size}
        loading={again.isPending && again.variables.id === run.id}
        onClick={() => again.mutate(run)}
      >
        Try again
      </Button>
    );

  const columns: Column<JobRun>[] = [
    { key: 'name', header: 'Job', cell: (run) => <JobName run={run} /> },
    { key: 'state', header: 'State', width: '104px', cell: (run) => <JobStateBadge run={run} /> },
    {
      key: 'tries',
      header: 'Tries',
      width: '84px',
      align: 'end',
      hideBelow: 'tablet',
      cell: (run) => `${run.tries.toString()} of ${run.maxTries.toString()}`,
    },
    {
      key: 'queued',
      header: 'Queued',
      width: '132px',
      hideBelow: 'tablet',
      cell: (run) => <DateText date={run.queuedAt} />,
    },
    {
      key: 'finished',
      header: 'Finished',
      width: '132px',
      hideBelow: 'desktop',
      cell: (run) => <DateText date={run.finishedAt} />,
    },
    {
      key: 'retry',
      header: <span className="only-heard">Actions</span>,
      width: '104px',
      align: 'end',
      hideBelow: 'phone',
      cell: (run) => retryButton(run, 'xs'),
    },
  ];

  return (
    <>
      <PageHeader
        title="Background jobs"
        lead={
          <>
            Rendering, indexing, imports and mail. A job that fails is tried again by itself, with growing
            pauses. <Rendering />
          </>
        }
      />
      <CountTabs
        label="Show"
        className={classes.filter}
        value={state}
        onChoose={(value) => change({ state: value })}
        tabs={[
          {
            value: undefined,
            name: 'All',
            count: counts && counts.failed + counts.running + counts.queued + counts.done,
          },
          ...(['failed', 'running', 'queued', 'done'] as const).map((value) => ({
            value,
            name: states[value].word,
            count: counts?.[value],
          })),
        ]}
      />
      {runs.error && <ProblemNote error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isPending && <SkeletonRows rows={8} widths={['30%', '10%', '8%', '14%', '14%']} />}
      {runs.data && rows.length === 0 && (
        <EmptyState
          title={state === 'failed' ? 'Nothing has failed' : 'No jobs here'}
          miniature={<MiniatureRows widths={['44%', '14%', '20%']} />}
        >
          {state
            ? 'Choose All to see the other jobs.'
            : 'When you add or import assets, the work that follows shows here.'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Background jobs"
          rows={rows}
          rowKey={(run) => run.id}
          columns={columns}
          onOpen={(run) => setOpenId(run.id)}
          openKey={openId}
          onEnd={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
        />
      )}
      <DetailPanel
        isOpen={open !== undefined}
        onClose={() => setOpenId(undefined)}
        title={open ? jobWords(open) : ''}
        footer={open && retryButton(open, 'sm')}
      >
        {open && <JobDetail run={open} />}
      </DetailPanel>
    </>
  );
}

/** How far the pages of the library are; they have a page of their own, which marketing sees too. */
function Rendering() {
  const words = progressWords(useQuery(renderingProgressQuery).data);
  return (
    <span className="tabular">
      {words && `${words}. `}
      <AppLink to={paths.rendering} underline="always">
        {words ? 'How it goes' : 'Files and their pages'}
      </AppLink>
    </span>
  );
}

function JobName({ run }: { run: JobRun }) {
  return (
    <div>
      {jobWords(run)}
      {run.error && <div className={classes.error}>{run.error}</div>}
    </div>
  );
}

function JobStateBadge({ run }: { run: JobRun }) {
  const { word, tone } = states[run.state];
  return <StatusBadge tone={tone}>{word}</StatusBadge>;
}

function JobDetail({ run }: { run: JobRun }) {
  const facts: [string, React.ReactNode][] = [
    ['State', <JobStateBadge key="state" run={run} />],
    ['Tries', `${run.tries.toString()} of ${run.maxTries.toString()}`],
    ['Queued', <DateText key="queued" date={run.queuedAt} />],
    ['Started', <DateText key="started" date={run.startedAt} fallback="Not yet" />],
    ['Finished', <DateText key="finished" date={run.finishedAt} fallback="Not yet" />],
    ['Name', <code key="name">{run.name}</code>],
    ['Id', <code key="id">{run.id}</code>],
  ];
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {run.error && (
        <>
          <h3 className={classes.heading}>Why it failed</h3>
          <pre className={classes.trace}>{run.error}</pre>
        </>
      )}
    </>
  );
}
