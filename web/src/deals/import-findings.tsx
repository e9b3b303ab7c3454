import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { encodeCsv, saveCsv } from '../lib/csv.ts';
import { formatNumber, plural } from '../lib/format.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import {
  type DealImport,
  dealImportErrorsQuery,
  dealImportQuery,
  readAllErrors,
  startDealImport,
} from './api.ts';
import classes from './deals-form.module.css';

/** What an import would do or did, what is worth knowing about it, and the rows that are not taken. */
export function ImportFindings({ run }: { run: DealImport }) {
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => startDealImport(run.id),
    onSuccess: (next) => client.setQueryData(dealImportQuery(run.id).queryKey, next),
  });
  const { created, updated, unchanged, error, removed } = run.counts;
  const isDone = run.state === 'done';
  const changes = created + updated + removed;
  return (
    <section aria-label={isDone ? 'What was imported' : 'What would happen'} className={classes.findings}>
      <h2>{isDone ? 'Imported' : 'This would happen'}</h2>
      <p>
        {formatNumber(created)} new, {formatNumber(updated)} changed, {formatNumber(unchanged)} unchanged,{' '}
        {plural(error, 'row')} with errors
        {isDone && removed > 0 && <>, {formatNumber(removed)} marked as removed</>}.
      </p>
      {!isDone && removed > 0 && (
        <p className={classes.removed}>
          <strong>
            {plural(removed, 'deal')} {removed === 1 ? 'is' : 'are'} not in this file and would be marked as
            removed.
          </strong>{' '}
          They count nowhere then, and come back with the next file that holds them.
        </p>
      )}
      <Notes run={run} />
      {error > 0 && <Errors run={run} />}
      {start.error && <ProblemNote error={start.error} />}
      {!isDone && (
        <p>
          <Button onClick={() => start.mutate()} loading={start.isPending} disabled={changes === 0}>
            Import
          </Button>{' '}
          {changes === 0 && <span className="quiet">Nothing would change.</span>}
        </p>
      )}
    </section>
  );
}

function Notes({ run: { notes } }: { run: DealImport }) {
  const names = (items: { name: string; count: number }[]) =>
    items
      .slice(0, 8)
      .map(({ name, count }) => `${name} (${formatNumber(count)})`)
      .join(', ') + (items.length > 8 ? ' and more' : '');
  const isQuiet = !Object.values(notes).some((note) =>
    typeof note === 'number' ? note > 0 : note.length > 0,
  );
  if (isQuiet) return null;
  return (
    <ul>
      {notes.unknownStages.length > 0 && (
        <li>
          Stages that are no term, so that reports by stage leave them out: {names(notes.unknownStages)}. Give
          them a stage of yours below, or keep them.
        </li>
      )}
      {notes.unknownOwners.length > 0 && (
        <li>Owners who are no user here, or not any more; they are kept: {names(notes.unknownOwners)}.</li>
      )}
      {notes.unratedCurrencies.length > 0 && (
        <li>
          Currencies without a rate, so that their amounts are not converted: {names(notes.unratedCurrencies)}
          . An admin sets rates in the settings, under Currencies.
        </li>
      )}
      {notes.backwards > 0 && <li>{plural(notes.backwards, 'deal')} went back to an earlier stage.</li>}
      {notes.sorted > 0 && (
        <li>{plural(notes.sorted, 'stage history', 'stage histories')} put in the order of time.</li>
      )}
    </ul>
  );
}

function Errors({ run }: { run: DealImport }) {
  const errors = useQuery(dealImportErrorsQuery(run.id, run.state));
  const save = useMutation({
    mutationFn: () => readAllErrors(run.id),
    onSuccess: ({ items }) =>
      saveCsv(
        'deal-import-errors.csv',
        encodeCsv([
          ['line', 'external_id', 'error'],
          ...items.map((item) => [item.line, item.externalId, item.detail]),
        ]),
      ),
  });
  if (errors.error) return <ProblemNote error={errors.error} onRetry={() => void errors.refetch()} />;
  return (
    <section aria-label="Rows with errors" className={classes.errors}>
      <h3>Rows that are not taken</h3>
      <ul>
        {(errors.data?.items ?? []).slice(0, 20).map((item) => (
          <li key={item.line}>
            Line {item.line}: {item.detail}
          </li>
        ))}
      </ul>
      {save.error && <ProblemNote error={save.error} />}
      <Button variant="default" onClick={() => save.mutate()} loading={save.isPending}>
        Download errors as CSV
      </Button>
    </section>
  );
}
