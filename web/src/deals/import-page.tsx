import { Button, FileButton, Progress } from '@mantine/core';
import { id } from '@offshelf/server/contract/http';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { formatNumber, formatPercent } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink } from '../ui/app-link.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import {
  type DealImport,
  dealImportQuery,
  dealImportsQuery,
  isAtWork,
  stopDealImport,
  uploadDealImport,
} from './api.ts';
import classes from './deals-form.module.css';
import { ImportFindings } from './import-findings.tsx';
import { MappingForm } from './mapping-form.tsx';

const pageState = z.object({ run: id('din').optional().catch(undefined) });

/** Brings deals of a CRM from a CSV file: choose, say what the columns are, check, import. */
export function ImportDealsPage() {
  const [{ run }, change] = useUrlState(pageState);
  const open = (dealImportId: string | undefined) => change({ run: dealImportId }, { keepsHistory: true });
  return (
    <>
      <PageHeader
        title="Import deals"
        above={<AppLink to={paths.deals}>Deals</AppLink>}
        lead="Bring deals from your CRM as a CSV file. You see what would happen before anything changes."
      />
      {run ? <Run key={run} dealImportId={run} onLeave={() => open(undefined)} /> : <Start onOpen={open} />}
    </>
  );
}

function Start({ onOpen }: { onOpen: (dealImportId: string) => void }) {
  const client = useQueryClient();
  const [sent, setSent] = useState(0);
  const sending = useRef<AbortController>(undefined);
  const upload = useMutation({
    mutationFn: (file: File) => {
      setSent(0);
      sending.current = new AbortController();
      return uploadDealImport(file, setSent, sending.current.signal);
    },
    onSuccess: (made) => {
      client.setQueryData(dealImportQuery(made.id).queryKey, made);
      void client.invalidateQueries({ queryKey: dealImportsQuery.queryKey, exact: true });
      onOpen(made.id);
    },
  });
  const take = (file: File | null | undefined) => file && !upload.isPending && upload.mutate(file);
  const wasCancelled = sending.current?.signal.aborted;
  return (
    <>
      <section
        aria-label="Choose a file"
        className={classes.choose}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files[0]);
        }}
      >
        {upload.error && !wasCancelled && <ProblemNote error={upload.error} />}
        <p>
          Drop a file here, or choose one. Its first line names the columns; each row is one deal with an id
          that stays the same. Text in UTF-8, UTF-16 and Windows-1252 is understood, parted by commas,
          semicolons or tabs.
        </p>
        <FileButton
          onChange={take}
          accept=".csv,.tsv,.txt,text/csv"
          inputProps={{ 'aria-label': 'CSV file' }}
        >
          {(props) => (
            <Button {...props} loading={upload.isPending}>
              Choose a file
            </Button>
          )}
        </FileButton>
        {upload.isPending && (
          <div className={classes.sending}>
            <p aria-live="polite">
              {sent < 1 ? `Sending, ${formatPercent(sent)}` : 'Sent. Its columns are being read.'}
            </p>
            <Progress value={sent * 100} aria-label="Sending" />
            <Button variant="subtle" size="compact-sm" onClick={() => sending.current?.abort()}>
              Cancel
            </Button>
          </div>
        )}
      </section>
      <PastImports onOpen={onOpen} />
    </>
  );
}

const stateWords: Record<DealImport['state'], string> = {
  uploaded: 'Not checked yet',
  checking: 'Being checked',
  checked: 'Checked, not imported',
  importing: 'Being imported',
  done: 'Imported',
  failed: 'Failed',
};

const columns: Column<DealImport>[] = [
  { key: 'file', header: 'File', cell: (run) => <strong>{run.fileName}</strong> },
  { key: 'state', header: 'State', width: '190px', cell: (run) => stateWords[run.state] },
  {
    key: 'rows',
    header: 'Rows',
    width: '120px',
    hideBelow: 'tablet',
    cell: (run) => formatNumber(run.rowCount),
  },
  {
    key: 'when',
    header: 'When',
    width: '250px',
    hideBelow: 'phone',
    cell: (run) => (
      <>
        <DateText date={run.createdAt} />
        <span className="quiet">{run.createdByName && ` by ${run.createdByName}`}</span>
      </>
    ),
  },
];

function PastImports({ onOpen }: { onOpen: (dealImportId: string) => void }) {
  const imports = useQuery(dealImportsQuery);
  if (imports.error) return <ProblemNote error={imports.error} onRetry={() => void imports.refetch()} />;
  if (!imports.data || imports.data.items.length === 0) return null;
  return (
    <section aria-label="Imports so far">
      <h2>Imports so far</h2>
      <DataTable
        label="Imports"
        rows={imports.data.items}
        rowKey={(run) => run.id}
        columns={columns}
        density="dense"
        onOpen={(run) => onOpen(run.id)}
      />
    </section>
  );
}

function Run({ dealImportId, onLeave }: { dealImportId: string; onLeave: () => void }) {
  const query = useQuery(dealImportQuery(dealImportId));
  const run = query.data;
  if (query.error && !run) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!run) return <SkeletonText lines={6} />;
  return (
    <>
      <p className={classes.file}>
        <strong>{run.fileName}</strong>{' '}
        <span className="quiet">
          {run.encoding.toUpperCase()}, about {formatNumber(run.rowCount)} rows
        </span>
      </p>
      {isAtWork(run) && <AtWork run={run} />}
      {run.state === 'failed' && (
        <p role="alert" className={classes.failure}>
          {run.failure}
        </p>
      )}
      {(run.state === 'checked' || run.state === 'done') && <ImportFindings run={run} />}
      {!isAtWork(run) && run.state !== 'done' && run.isFileKept && <MappingForm key={run.state} run={run} />}
      <p>
        <Button variant="subtle" onClick={onLeave}>
          Another file
        </Button>
      </p>
    </>
  );
}

function AtWork({ run }: { run: DealImport }) {
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => stopDealImport(run.id),
    onSuccess: (next) => {
      client.setQueryData(dealImportQuery(run.id).queryKey, next);
      void client.invalidateQueries({ queryKey: dealImportsQuery.queryKey, exact: true });
    },
    onError: notifyProblem,
  });
  const share = run.rowCount > 0 ? Math.min(1, run.doneCount / run.rowCount) : 0;
  const isCheck = run.state === 'checking';
  const verb = isCheck ? 'Checking' : 'Importing';
  return (
    <section aria-label="Progress" className={classes.progress}>
      <p aria-live="polite">
        {verb}: {formatNumber(run.doneCount)} of about {formatNumber(run.rowCount)} rows. You can leave this
        page; it goes on.
      </p>
      <Progress value={share * 100} aria-label={verb} />
      <Button variant="default" onClick={() => stop.mutate()} loading={stop.isPending}>
        {isCheck ? 'Stop checking' : 'Stop importing'}
      </Button>
    </section>
  );
}
