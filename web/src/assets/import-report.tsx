import { Button, Progress } from '@mantine/core';
import { startImport } from '@offshelf/server/contract/assets';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { call } from '../lib/api.ts';
import { formatNumber, formatPercent, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { StatusBadge, type Tone } from '../ui/badges.tsx';
import { CountTabs } from '../ui/count-tabs.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { type ImportRun, importQuery, importsQuery, refreshAssets } from './api.ts';
import classes from './import-page.module.css';

type Row = ImportRun['rows'][number];

const actions: Record<Row['action'], { word: string; tone: Tone }> = {
  create: { word: 'New', tone: 'good' },
  update: { word: 'Changed', tone: 'look' },
  unchanged: { word: 'Unchanged', tone: 'quiet' },
  error: { word: 'Fault', tone: 'broken' },
  done: { word: 'Written', tone: 'good' },
};

const columns: Column<Row>[] = [
  { key: 'line', header: 'Line', width: '64px', align: 'end', cell: (row) => row.line },
  {
    key: 'action',
    header: 'What',
    width: '112px',
    cell: (row) => <StatusBadge tone={actions[row.action].tone}>{actions[row.action].word}</StatusBadge>,
  },
  {
    key: 'title',
    header: 'Title',
    width: '34%',
    cell: (row) =>
      row.assetId ? (
        <AppLink to={paths.asset(row.assetId)}>{row.title}</AppLink>
      ) : (
        row.title || <span className="quiet">No title</span>
      ),
  },
  {
    key: 'detail',
    header: 'Detail',
    hideBelow: 'phone',
    cell: (row) => (
      <span className={row.action === 'error' ? classes.fault : 'quiet'}>{row.detail || '–'}</span>
    ),
  },
];

const reportState = z.object({
  show: z.enum(['create', 'update', 'unchanged', 'error', 'done']).optional().catch(undefined),
});

/** What an import would do, does, or did, row by row. */
export function ImportReport({ run }: { run: ImportRun }) {
  const [{ show }, change] = useUrlState(reportState);
  useRefreshWhenDone(run.state);
  const rows = show ? run.rows.filter((row) => row.action === show) : run.rows;
  const kinds = (Object.keys(actions) as Row['action'][]).map((action) => ({
    value: action,
    name: action === 'error' ? 'Faults' : actions[action].word,
    count: run.rows.filter((row) => row.action === action).length,
  }));
  const tabs = [
    { value: undefined, name: 'All rows', count: run.rows.length },
    ...kinds.filter(({ count, value }) => count > 0 || value === 'error'),
  ];
  return (
    <>
      <PageHeader
        title={`Import of ${run.sourceName}`}
        above={<AppLink to={paths.importLibrary}>All imports</AppLink>}
      />
      <Outcome run={run} />
      {run.notes.length > 0 && (
        <ul className={classes.notes} aria-label="What comes along">
          {run.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <CountTabs label="Rows to show" tabs={tabs} value={show} onChoose={(next) => change({ show: next })} />
      {rows.length > 0 ? (
        <DataTable
          label="Rows of the import"
          rows={rows}
          rowKey={(row) => row.line.toString()}
          columns={columns}
          density="dense"
        />
      ) : (
        <p className={classes.noRows}>{show === 'error' ? 'No row has a fault.' : 'No rows of this kind.'}</p>
      )}
    </>
  );
}

/** The library is read again when the run that was watched has ended. */
function useRefreshWhenDone(state: ImportRun['state']): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== state && (state === 'done' || state === 'failed')) {
      refreshAssets();
      void queryClient.invalidateQueries({ ...importsQuery, exact: true });
    }
    before.current = state;
  }, [state]);
}

function Outcome({ run }: { run: ImportRun }) {
  const start = useMutation({
    mutationFn: () => call(startImport, { params: { importRunId: run.id } }),
    onSuccess: (started) => queryClient.setQueryData(importQuery(run.id).queryKey, started),
  });
  if (run.state === 'running') return <Running run={run} />;
  if (run.state === 'done') return <Done run={run} />;
  if (run.state === 'failed')
    return (
      <div className={classes.outcome}>
        <p className={classes.sentence}>The import stopped before its end.</p>
        <p>Start it again: rows that are written stay, and it goes on with the next.</p>
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          Go on
        </Button>
        {start.error && <ProblemNote error={start.error} />}
      </div>
    );
  const { create, update, error } = run.counts;
  return (
    <div className={classes.outcome}>
      <p className={classes.sentence}>{describePlan(run)}</p>
      <p className="quiet">
        Nothing has changed yet.
        {error > 0 &&
          ` ${plural(error, 'row')} with faults ${error === 1 ? 'is' : 'are'} left out; correct the CSV and check it again, or import the rest now.`}
      </p>
      <div className={classes.steps}>
        {create + update > 0 ? (
          <Button loading={start.isPending} onClick={() => start.mutate()}>
            Import {plural(create + update, 'asset')}
          </Button>
        ) : (
          run.notes.length > 0 && (
            <Button variant="default" loading={start.isPending} onClick={() => start.mutate()}>
              Import the terms and deals only
            </Button>
          )
        )}
        <LinkButton to={paths.importLibrary} variant="subtle" color="gray">
          Choose another folder
        </LinkButton>
      </div>
      {start.error && <ProblemNote error={start.error} />}
    </div>
  );
}

function describePlan({ counts: { create, update, unchanged, error } }: ImportRun): string {
  if (create + update === 0)
    return unchanged > 0 && error === 0
      ? `All ${plural(unchanged, 'asset')} are in the library like this already. Importing again changes nothing.`
      : 'No row can be imported as it is.';
  const parts = [
    ...(create > 0 ? [`adds ${plural(create, 'asset')}`] : []),
    ...(update > 0 ? [`changes ${plural(update, 'asset')}`] : []),
  ];
  return `This import ${parts.join(' and ')}${unchanged > 0 ? ` and leaves ${formatNumber(unchanged)} as they are` : ''}.`;
}

function Running({ run: { doneCount, totalCount } }: { run: ImportRun }) {
  const share = totalCount > 0 ? doneCount / totalCount : 0;
  return (
    <div className={classes.outcome}>
      <p className={classes.sentence} role="status">
        {formatNumber(doneCount)} of {plural(totalCount, 'asset')} written, {formatPercent(share)}
      </p>
      <Progress value={share * 100} size={6} aria-label="Assets written" transitionDuration={300} />
      <p className="quiet">You can leave this page, or close the window. It goes on by itself.</p>
    </div>
  );
}

function Done({ run }: { run: ImportRun }) {
  const written = run.rows.filter((row) => row.action === 'done').length;
  const faults = run.rows.filter((row) => row.action === 'error').length;
  return (
    <div className={classes.outcome}>
      <p className={classes.sentence} role="status">
        {written > 0
          ? `${plural(written, 'asset')} ${written === 1 ? 'was' : 'were'} written.`
          : 'No asset had to change.'}
      </p>
      {faults > 0 && (
        <p className="quiet">
          {plural(faults, 'row')} {faults === 1 ? 'has a fault and was' : 'have faults and were'} left out.
          Correct {faults === 1 ? 'it' : 'them'} in the CSV and import the folder again; the rest stays as it
          is.
        </p>
      )}
      <div className={classes.steps}>
        <LinkButton to={paths.library}>Go to the library</LinkButton>
        <LinkButton to={paths.taxonomy} variant="default">
          Look at the terms
        </LinkButton>
      </div>
    </div>
  );
}
