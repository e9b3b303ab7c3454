import { id } from '@offshelf/server/contract/http';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';
import { formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge, type Tone } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonPage, SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type ImportRun, importQuery, importsQuery } from './api.ts';
import { ImportChooser } from './import-chooser.tsx';
import { ImportFormat } from './import-format.tsx';
import classes from './import-page.module.css';
import { ImportReport } from './import-report.tsx';
import { forgetImport, useImportUpload } from './import-upload.ts';

const pageState = z.object({ run: id('imp').optional().catch(undefined) });

/** Brings a whole library in one go: choose, check, import. Each import keeps its report. */
export function ImportPage() {
  const [{ run }, change] = useUrlState(pageState);
  const { runId } = useImportUpload();
  useEffect(() => {
    if (!runId) return;
    forgetImport();
    change({ run: runId }, { keepsHistory: true });
  });
  return run ? (
    <Run key={run} importRunId={run} />
  ) : (
    <Start onOpen={(next) => change({ run: next }, { keepsHistory: true })} />
  );
}

function Run({ importRunId }: { importRunId: string }) {
  const run = useQuery(importQuery(importRunId));
  if (run.error && !run.data) return <ProblemNote error={run.error} onRetry={() => void run.refetch()} />;
  if (!run.data) return <SkeletonPage />;
  return <ImportReport run={run.data} />;
}

function Start({ onOpen }: { onOpen: (importRunId: string) => void }) {
  return (
    <>
      <PageHeader
        title="Import a library"
        above={<AppLink to={paths.library}>Library</AppLink>}
        lead="Bring your content with its tags in one go. You see what would happen before anything changes."
      />
      <ImportChooser />
      <PastImports onOpen={onOpen} />
      <ImportFormat />
    </>
  );
}

type Summary = Omit<ImportRun, 'rows' | 'notes'>;

const runStates: Record<ImportRun['state'], { word: string; tone: Tone }> = {
  checking: { word: 'Being checked', tone: 'plain' },
  ready: { word: 'Checked, not started', tone: 'plain' },
  running: { word: 'Running', tone: 'look' },
  done: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'broken' },
};

const columns: Column<Summary>[] = [
  {
    key: 'source',
    header: 'Source',
    cell: (run) => <strong className={classes.source}>{run.sourceName}</strong>,
  },
  {
    key: 'state',
    header: 'State',
    width: '170px',
    cell: (run) => <StatusBadge tone={runStates[run.state].tone}>{runStates[run.state].word}</StatusBadge>,
  },
  {
    key: 'what',
    header: 'Rows',
    width: '32%',
    hideBelow: 'tablet',
    cell: (run) => describeCounts(run.counts),
  },
  {
    key: 'when',
    header: 'When',
    width: '250px',
    hideBelow: 'phone',
    cell: (run) => (
      <>
        <DateText date={run.createdAt} />
        <span className="quiet">
          {run.createdByName ? ` by ${run.createdByName}` : ' from the command line'}
        </span>
      </>
    ),
  },
];

function describeCounts({ create, update, unchanged, error }: ImportRun['counts']): string {
  const parts = [
    ...(create > 0 ? [`${formatNumber(create)} new`] : []),
    ...(update > 0 ? [`${formatNumber(update)} changed`] : []),
    ...(unchanged > 0 ? [`${formatNumber(unchanged)} unchanged`] : []),
    ...(error > 0 ? [plural(error, 'fault')] : []),
  ];
  return parts.join(', ') || 'Nothing';
}

function PastImports({ onOpen }: { onOpen: (importRunId: string) => void }) {
  const imports = useQuery(importsQuery);
  const items: Summary[] = imports.data?.items ?? [];
  if (imports.data && items.length === 0) return null;
  return (
    <section aria-labelledby="past-heading" className={classes.past}>
      <h2 id="past-heading" className={classes.heading}>
        Imports so far
      </h2>
      {imports.error && <ProblemNote error={imports.error} onRetry={() => void imports.refetch()} />}
      {imports.isPending && <SkeletonRows rows={2} widths={['34%', '14%', '30%']} />}
      {items.length > 0 && (
        <DataTable
          label="Imports"
          rows={items}
          rowKey={(run) => run.id}
          columns={columns}
          density="dense"
          onOpen={(run) => onOpen(run.id)}
        />
      )}
    </section>
  );
}
