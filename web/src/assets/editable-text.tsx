import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import classes from './asset-page.module.css';

interface EditableTextProps {
  /** What the text is: "Use when". */
  label: string;
  value: string;
  canEdit: boolean;
  /** Called once when editing begins, so that the edit can say what it was made on. */
  onBegin: () => void;
  onSave: (value: string) => void;
  /** How the text looks when it is not being edited. */
  children: ReactNode;
  /** Shown to those who can edit when there is no text yet. */
  invitation: string;
  maxLength: number;
  isSingleLine?: boolean;
  /** Beside the label. */
  aside?: ReactNode;
  hasHiddenLabel?: boolean;
}

/** Text that is edited where it stands: leaving it or ⌘↵ saves, Esc takes it back. */
export function EditableText(props: EditableTextProps) {
  const { label, value, canEdit, onBegin, onSave, children, invitation, aside, hasHiddenLabel } = props;
  const [draft, setDraft] = useState<string>();
  const isDone = useRef(false);
  const begin = () => {
    if (!canEdit) return;
    isDone.current = false;
    onBegin();
    setDraft(value);
  };
  const end = (next: string | undefined) => {
    if (isDone.current) return;
    isDone.current = true;
    setDraft(undefined);
    const text = next?.trim();
    if (text !== undefined && text !== value && (text !== '' || !props.isSingleLine)) onSave(text);
  };
  const isEditing = draft !== undefined;
  return (
    <section className={classes.text} aria-label={label}>
      <div className={hasHiddenLabel ? classes.floatingHead : classes.textHead}>
        {!hasHiddenLabel && <h2 className={classes.label}>{label}</h2>}
        {aside}
        {canEdit && !isEditing && (
          <Tooltip label={`Edit ${label.toLowerCase()}`}>
            <ActionIcon
              size={26}
              className={classes.pencil}
              aria-label={`Edit ${label.toLowerCase()}`}
              onClick={begin}
            >
              <IconPencil size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {isEditing ? (
        <Editor {...props} draft={draft} onDraft={setDraft} onEnd={end} />
      ) : (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the pencil beside it does the same by keyboard.
        // biome-ignore lint/a11y/noStaticElementInteractions: the pencil beside it has the role.
        <div
          className={canEdit ? classes.editable : undefined}
          onClick={(event) => !selects(event) && begin()}
        >
          {value ? (
            children
          ) : (
            <p className={classes.invitation}>{canEdit ? invitation : 'Nothing written yet.'}</p>
          )}
        </div>
      )}
    </section>
  );
}

interface EditorProps extends EditableTextProps {
  draft: string;
  onDraft: (draft: string) => void;
  onEnd: (next: string | undefined) => void;
}

function Editor({ label, maxLength, isSingleLine = false, draft, onDraft, onEnd }: EditorProps) {
  return (
    <div>
      <Textarea
        aria-label={label}
        autosize
        minRows={isSingleLine ? 1 : 2}
        maxRows={24}
        autoFocus
        maxLength={maxLength}
        value={draft}
        classNames={{ input: isSingleLine ? classes.titleInput : undefined }}
        onFocus={(event) => event.currentTarget.setSelectionRange(draft.length, draft.length)}
        onChange={(event) =>
          onDraft(isSingleLine ? event.currentTarget.value.replace(/\n/g, ' ') : event.currentTarget.value)
        }
        onBlur={() => onEnd(draft)}
        onKeyDown={(event) => {
          const isSaving = event.key === 'Enter' && (isSingleLine || event.metaKey || event.ctrlKey);
          if (!isSaving && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onEnd(isSaving ? draft : undefined);
        }}
      />
      <p className={classes.hint}>
        {isSingleLine ? '↵ saves, Esc takes it back' : '⌘↵ or leaving saves, Esc takes it back'}
      </p>
    </div>
  );
}

/** Somebody who marks words or follows a link in the text doesn't want to edit it. */
function selects(event: React.MouseEvent): boolean {
  const isLink = event.target instanceof Element && event.target.closest('a') !== null;
  return isLink || (window.getSelection()?.toString() ?? '') !== '';
}
