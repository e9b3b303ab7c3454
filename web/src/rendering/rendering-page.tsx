import { Button, Progress } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { formatFileType, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { RenditionFaultBadge, StatusBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import {
  progressWords,
  type RenderingFault,
  type RenderingProgress,
  renderingFaultsQuery,
  renderingProgressQuery,
  retryRendition,
} from './api.ts';
import classes from './rendering-page.module.css';

/** How far the pages of the library are, and which files have none. */
export function RenderingPage() {
  const progress = useQuery(renderingProgressQuery);
  return (
    <>
      <PageHeader
        title="Rendering"
        lead="Files become pages that can be searched, and read without downloading."
      />
      {progress.error && !progress.data && (
        <ProblemNote error={progress.error} onRetry={() => void progress.refetch()} />
      )}
      <Overview progress={progress.data} />
      <Faults progress={progress.data} />
    </>
  );
}

const webLinkType = 'text/uri-list';

const converters: Record<RenderingProgress['converter']['kind'], string> = {
  wasm: 'Office files are converted by the converter that comes with Offshelf.',
  soffice: 'Office files are converted by the LibreOffice of this server.',
  gotenberg: 'Office files are converted by a Gotenberg service.',
  off: 'Office files are not converted: their text can be searched, but they have no pages to look at.',
};

function Overview({ progress }: { progress: RenderingProgress | undefined }) {
  if (!progress) return <div className={classes.overview} aria-hidden="true" />;
  const { counts, waitingCount, running, converter, asOf } = progress;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const words = progressWords(progress);
  const done = Math.max(0, total - waitingCount);
  return (
    <section className={classes.overview} aria-label="Progress">
      <p className={classes.sentence} role="status">
        {words ? `${words}.` : sentenceOf(counts, total)}
      </p>
      {words && (
        <Progress
          value={total === 0 ? 0 : (done / total) * 100}
          size={6}
          aria-label="Files rendered"
          transitionDuration={180}
          className={classes.bar}
        />
      )}
      {running.length > 0 && (
        <ul className={classes.running} aria-label="Being rendered now">
          {running.map(({ title, pageCount, renderedPageCount }) => (
            <li key={title}>
              <span className={classes.runningTitle}>{title}</span>
              <span className="quiet">
                {pageCount > 1
                  ? `page ${formatNumber(Math.min(pageCount, renderedPageCount + 1))} of ${formatNumber(pageCount)}`
                  : 'opening'}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className={classes.converter} data-fault={converter.fault !== null || undefined}>
        {converter.fault ?? converters[converter.kind]}
      </p>
      <p className={classes.asOf}>
        {countWords(counts)} As of {formatMinute(asOf)}.
      </p>
    </section>
  );
}

/** "116 done, 2 running, 14 queued."; what there is none of is left out. */
function countWords(counts: RenderingProgress['counts']): string {
  const parts = (['done', 'running', 'queued', 'failed', 'unsupported'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatNumber(counts[state])} ${state}`);
  return parts.length > 0 ? `${parts.join(', ')}.` : '';
}

/** "All 132 files have their pages." or what is left to know. */
function sentenceOf(counts: RenderingProgress['counts'], total: number): string {
  if (total === 0) return 'Nothing has been rendered yet.';
  const { failed, unsupported, done } = counts;
  const rest = [
    ...(failed > 0 ? [`${formatNumber(failed)} could not be rendered`] : []),
    ...(unsupported > 0
      ? [`${formatNumber(unsupported)} ${unsupported === 1 ? 'is' : 'are'} of a kind that has no pages`]
      : []),
  ].join(', ');
  if (rest === '')
    return total === 1 ? 'The one file is rendered.' : `All ${formatNumber(total)} files are rendered.`;
  return `${formatNumber(done)} of ${plural(total, 'file')} are rendered, ${rest}.`;
}

function Faults({ progress }: { progress: RenderingProgress | undefined }) {
  const faults = useInfiniteQuery(renderingFaultsQuery);
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: (fault: RenderingFault) => retryRendition(fault.assetVersionId),
    onSuccess: () => notifyDone('Queued again'),
    onError: notifyProblem,
  });
  const rows = faults.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<RenderingFault>[] = [
    { key: 'asset', header: 'Asset', cell: (fault) => <Fault fault={fault} /> },
    {
      key: 'state',
      header: 'State',
      width: '120px',
      hideBelow: 'tablet',
      cell: (fault) => <FaultState fault={fault} />,
    },
    {
      key: 'when',
      header: 'Since',
      width: '128px',
      hideBelow: 'tablet',
      cell: (fault) => <DateText date={fault.failedAt} />,
    },
    {
      key: 'again',
      header: <span className="only-heard">Actions</span>,
      width: '104px',
      align: 'end',
      cell: (fault) =>
        fault.canRetry && (
          <Button
            size="xs"
            variant="default"
            aria-label={`Try again: ${fault.title}`}
            loading={again.isPending && again.variables.assetVersionId === fault.assetVersionId}
            onClick={() => again.mutate(fault)}
          >
            Try again
          </Button>
        ),
    },
  ];
  return (
    <section aria-label="What went wrong">
      <h2 className={classes.heading}>What went wrong</h2>
      {faults.error && <ProblemNote error={faults.error} onRetry={() => void faults.refetch()} />}
      {faults.isPending && <SkeletonRows rows={4} widths={['44%', '12%', '14%']} />}
      {faults.data && rows.length === 0 && (
        <EmptyState title="Nothing went wrong" miniature={<MiniatureRows widths={['48%', '14%', '14%']} />}>
          {progress && progress.waitingCount > 0
            ? 'A file that cannot be rendered shows here with the reason, such as a password, and what to do about it.'
            : 'Every file could be opened. One that cannot be, because it has a password or is damaged, shows here with the reason and what to do about it.'}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Files without pages"
          rows={rows}
          rowKey={(fault) => fault.assetVersionId}
          columns={columns}
          onOpen={(fault) => void navigate({ to: paths.asset(fault.assetId) })}
          onEnd={faults.hasNextPage ? () => void faults.fetchNextPage() : undefined}
        />
      )}
    </section>
  );
}

function Fault({ fault }: { fault: RenderingFault }) {
  return (
    <div className={classes.fault}>
      <AppLink to={paths.asset(fault.assetId)} className={classes.faultTitle} tabIndex={-1}>
        {fault.title}
      </AppLink>{' '}
      <span className="quiet">
        {fault.mediaType === webLinkType ? 'Web link' : formatFileType(fault.mediaType, null)}
      </span>
      <p className={classes.reason}>{fault.reason}</p>
    </div>
  );
}

function FaultState({ fault: { mediaType, state } }: { fault: RenderingFault }) {
  if (mediaType !== webLinkType && state === 'unsupported')
    return <StatusBadge tone="quiet">Not supported</StatusBadge>;
  return <RenditionFaultBadge isWebLink={mediaType === webLinkType} />;
}
