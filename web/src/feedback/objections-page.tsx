import { Button, UnstyledButton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { definitions, metricsQuery } from '../analytics/api.ts';
import { isCurator, useUser } from '../auth/api.ts';
import { type Objections, objectionsQuery } from '../coverage/api.ts';
import { formatMoney, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { sliceQuery, useSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { ListSection } from '../ui/list-section.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { NoteObjectionButton } from '../ui/noting-objection.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type NoteFilter, type ObjectionNote, objectionNotesQuery, readAllNotes } from './api.ts';
import { NoteRow } from './note-row.tsx';
import { NoteSheet } from './note-sheet.tsx';
import { notesCsv } from './notes-csv.ts';
import { objectionsAnswer, riseWords } from './objection-words.ts';
import classes from './objections-page.module.css';

const termId = z
  .string()
  .regex(/^trm_[0-9a-z]{10,40}$/)
  .optional()
  .catch(undefined);
const pageState = z.object({
  objection: termId,
  unsorted: z.literal('1').optional().catch(undefined),
  own: z.literal('1').optional().catch(undefined),
});

/** What buyers say against it, as sales heard it: which objections rise, and every note. */
export function ObjectionsPage() {
  const slice = useSlice();
  const user = useUser();
  const [state, change] = useUrlState(pageState);
  const counts = useQuery(objectionsQuery(slice));
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const filter: NoteFilter = {
    objection: state.objection,
    ...(state.unsorted && { isUnsorted: 'true' }),
    ...(state.own && { isOwn: 'true' }),
  };
  const notes = useInfiniteQuery(objectionNotesQuery(filter));
  const all = notes.data?.pages.flatMap(({ items }) => items) ?? [];
  const [edited, setEdited] = useState<ObjectionNote>();
  const isEmpty = notes.data !== undefined && all.length === 0 && isUnfiltered(filter);
  return (
    <>
      <PageHeader
        title="Objections heard"
        lead={
          counts.data ? (
            <span data-metric="objection_notes">{objectionsAnswer(counts.data)}</span>
          ) : (
            'What buyers say against it, as sales heard it.'
          )
        }
        actions={!isEmpty && <NoteObjectionButton draft={{}} variant="filled" />}
      />
      {counts.error && <ProblemNote error={counts.error} onRetry={() => void counts.refetch()} />}
      {counts.data && counts.data.items.length > 0 && (
        <div data-metric="objection_notes">
          <Counts
            data={counts.data}
            chosen={state.unsorted ? null : state.objection}
            onChoose={(term) =>
              change({ objection: term ?? undefined, unsorted: term === null ? '1' : undefined })
            }
            coverageSearch={user.role === 'rep' ? undefined : (third) => ({ ...sliceQuery(slice), third })}
          />
          <p className={classes.small}>
            <Definition metrics={definitions(metrics, ['objection_notes'])}>How this is counted</Definition>
          </p>
        </div>
      )}
      {notes.error && <ProblemNote error={notes.error} onRetry={() => void notes.refetch()} />}
      {notes.isPending && <SkeletonRows rows={5} widths={['58%', '18%', '12%']} />}
      {isEmpty ? (
        <EmptyState
          title="Nobody has noted an objection yet"
          miniature={<MiniatureRows widths={['52%', '20%', '12%']} />}
          action={<NoteObjectionButton draft={{}} variant="filled" />}
        >
          When a buyer says something against it, write it down in their words: from here, a deal, an asset,
          or with ⌘K anywhere. Marketing sees which objections rise and where nothing answers them.
        </EmptyState>
      ) : (
        notes.data && (
          <ListSection
            title="As they were heard"
            lead="Newest first, of all time."
            action={<ListActions filter={filter} onChange={change} />}
          >
            {all.map((note) => (
              <NoteRow
                key={note.id}
                note={note}
                mayEdit={note.isOwn || isCurator(user)}
                onEdit={() => setEdited(note)}
              />
            ))}
          </ListSection>
        )
      )}
      {notes.data && all.length === 0 && !isEmpty && <p className="quiet">No note is like that.</p>}
      {notes.hasNextPage && (
        <Button
          variant="default"
          loading={notes.isFetchingNextPage}
          onClick={() => void notes.fetchNextPage()}
        >
          Show older notes
        </Button>
      )}
      {edited && <NoteSheet key={edited.id} draft={{}} note={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

interface ListActionsProps {
  filter: NoteFilter;
  onChange: (patch: { objection?: undefined; unsorted?: undefined; own?: '1' | undefined }) => void;
}

function ListActions({ filter, onChange }: ListActionsProps) {
  const quiet = { size: 'compact-sm', variant: 'subtle', color: 'gray' } as const;
  return (
    <div className={classes.actions}>
      {(filter.objection || filter.isUnsorted) && (
        <Button {...quiet} onClick={() => onChange({ objection: undefined, unsorted: undefined })}>
          Show all
        </Button>
      )}
      <Button
        {...quiet}
        aria-pressed={filter.isOwn !== undefined}
        onClick={() => onChange({ own: filter.isOwn ? undefined : '1' })}
      >
        {filter.isOwn ? 'Of everybody' : 'Only mine'}
      </Button>
      <SaveButton filter={filter} />
    </div>
  );
}

const isUnfiltered = (filter: NoteFilter) => Object.values(filter).every((value) => value === undefined);

interface CountsProps {
  data: Objections;
  /** Null: those without a term. */
  chosen: string | null | undefined;
  onChoose: (termId: string | null | undefined) => void;
  /** Undefined for whom the coverage is not. */
  coverageSearch: ((termId: string) => Record<string, unknown>) | undefined;
}

/** A row for each objection: how often, against before, and the money behind it. A row narrows the notes below. */
function Counts({ data, chosen, onChoose, coverageSearch }: CountsProps) {
  const most = Math.max(...data.items.map(({ count, beforeCount }) => Math.max(count, beforeCount)), 1);
  return (
    <ul className={classes.counts} aria-label="Objections by how often they were heard">
      {data.items.map((item) => {
        const id = item.term?.id ?? null;
        const isChosen = chosen === id && chosen !== undefined;
        return (
          <li key={id ?? 'none'} className={classes.count}>
            <UnstyledButton
              className={classes.name}
              aria-pressed={isChosen}
              onClick={() => onChoose(isChosen ? undefined : id)}
            >
              {item.term?.name ?? 'Not sorted yet'}
            </UnstyledButton>
            <span className={classes.bars} aria-hidden="true">
              <span className={classes.now} style={{ width: `${(100 * item.count) / most}%` }} />
              <span className={classes.before} style={{ width: `${(100 * item.beforeCount) / most}%` }} />
            </span>
            <span className={classes.said}>
              <strong>{formatNumber(item.count)}</strong> {riseWords(item)}
              {item.dealCount > 0 && ` · ${plural(item.dealCount, 'deal')}`}
              {item.openValue > 0 &&
                data.baseCurrency &&
                ` · ${formatMoney(item.openValue, data.baseCurrency)} open`}
              {item.unconvertedCount > 0 && ` · ${plural(item.unconvertedCount, 'deal')} not converted`}
            </span>
            {item.term && coverageSearch && (
              <AppLink to={paths.coverage} search={coverageSearch(item.term.id)} className={classes.link}>
                What answers it
              </AppLink>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function SaveButton({ filter }: { filter: NoteFilter }) {
  const [isBusy, setIsBusy] = useState(false);
  const save = async () => {
    setIsBusy(true);
    try {
      notesCsv(await readAllNotes(filter));
    } catch (error) {
      notifyProblem(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      loading={isBusy}
      leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
      onClick={() => void save()}
    >
      CSV
    </Button>
  );
}
