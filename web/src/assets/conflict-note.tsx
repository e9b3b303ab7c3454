import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useUser } from '../auth/api.ts';
import { formatCalendarDay, formatList, formatRelative } from '../lib/format.ts';
import { useMinute } from '../ui/words.tsx';
import type { Asset } from './api.ts';
import classes from './conflict-note.module.css';
import type { EditableField } from './merge-edit.ts';
import type { Conflict } from './use-asset-editing.ts';

const names: Record<EditableField, string> = {
  title: 'title',
  description: 'description',
  useWhen: 'use-when line',
  talkTrack: 'talk track',
  ownerUserId: 'owner',
  ownerRole: 'owner role',
  audience: 'audience',
  reviewOn: 'review date',
  status: 'status',
};

interface ConflictNoteProps {
  conflict: Conflict;
  onKeepTheirs: () => void;
  onOverwrite: () => void;
}

/** Two people set the same field: both are shown, and one is chosen. */
export function ConflictNote({ conflict, onKeepTheirs, onOverwrite }: ConflictNoteProps) {
  const { theirs, edit, fields } = conflict;
  const now = useMinute();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => ref.current?.focus(), []);
  const isMe = theirs.updatedByName === useUser().name;
  const who = isMe ? 'You' : (theirs.updatedByName ?? 'Somebody else');
  return (
    <section
      ref={ref}
      tabIndex={-1}
      role="alert"
      className={classes.note}
      aria-label="Two changes of the same field"
    >
      <h2 className={classes.title}>
        {who} changed the {formatList(fields.map((field) => names[field]))}{' '}
        {formatRelative(theirs.updatedAt, now)}, {isMe ? 'in another window' : 'while you did'}.
      </h2>
      {fields.map((field) => (
        <dl key={field} className={classes.pair}>
          <div>
            <dt>Theirs</dt>
            <dd>{show(theirs, field)}</dd>
          </div>
          <div>
            <dt>Yours</dt>
            <dd>{show({ ...theirs, ...edit } as Asset, field)}</dd>
          </div>
        </dl>
      ))}
      <div className={classes.answers}>
        <Button size="xs" variant="default" onClick={onKeepTheirs}>
          Keep theirs
        </Button>
        <Button size="xs" onClick={onOverwrite}>
          Use mine
        </Button>
      </div>
    </section>
  );
}

function show(asset: Asset, field: EditableField): string {
  const value = asset[field];
  if (field === 'ownerUserId') return value ? 'Another person' : 'Nobody';
  if (field === 'audience') return value === 'internal' ? 'Internal only' : 'For buyers';
  if (value === null || value === '') return 'Nothing';
  return field === 'reviewOn' ? formatCalendarDay(value) : value;
}
