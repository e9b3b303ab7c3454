import { Textarea } from '@mantine/core';
import { IconNote } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import classes from './item-note.module.css';

interface ItemNoteProps {
  note: string;
  /** Of the asset it stands at. */
  title: string;
  mayEdit: boolean;
  /** What to do where there is none yet. */
  invitation?: string;
  mostLetters?: number;
  onSave: (note: string) => void;
}

/** What to say with an asset, or whom to send it to; edited where it stands: leaving it or ⌘↵ saves, Esc takes it back. */
export function ItemNote({
  note,
  title,
  mayEdit,
  invitation = 'Add a note',
  mostLetters = 500,
  onSave,
}: ItemNoteProps) {
  const [draft, setDraft] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  const isDone = useRef(false);
  if (!mayEdit) return note ? <p className={classes.note}>{note}</p> : null;
  if (draft === undefined)
    return (
      <button
        type="button"
        ref={button}
        className={note ? classes.note : classes.invitation}
        data-may-edit
        onClick={() => {
          isDone.current = false;
          setDraft(note);
        }}
      >
        {note ? (
          <>
            <span className="only-heard">Edit the note: </span>
            {note}
          </>
        ) : (
          <>
            <IconNote size={15} stroke={1.5} aria-hidden /> {invitation}
            <span className="only-heard"> on {title}</span>
          </>
        )}
      </button>
    );
  const end = (next: string | undefined, keepsFocus: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    // The focus comes back at once, so that it takes none away from what is pressed next.
    flushSync(() => setDraft(undefined));
    if (keepsFocus) button.current?.focus();
    if (next !== undefined && next.trim() !== note) onSave(next.trim());
  };
  return (
    <div className={classes.editor}>
      <Textarea
        aria-label={`Note on ${title}`}
        autosize
        minRows={2}
        maxRows={10}
        autoFocus
        maxLength={mostLetters}
        value={draft}
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(draft.length, draft.length)}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => end(draft, false)}
        onKeyDown={(event) => {
          const isSaving = event.key === 'Enter' && (event.metaKey || event.ctrlKey);
          if (!isSaving && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          end(isSaving ? draft : undefined, true);
        }}
      />
      <p className={classes.hint}>
        <span>⌘↵ or leaving saves, Esc takes it back</span>
        {draft.length > mostLetters - 100 && <span>{mostLetters - draft.length} letters left</span>}
      </p>
    </div>
  );
}
