import { Button, type ButtonProps, Popover, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { followUpWords } from './activity-words.ts';
import { type FollowUpKind, noteFollowUp, undoFollowUp } from './api.ts';
import classes from './follow-up-menu.module.css';

const kinds = Object.keys(followUpWords) as FollowUpKind[];

interface Target {
  shareLinkId: string;
  recipient: { id: string; name: string };
}

interface FollowUpMenuProps extends ButtonProps {
  target: Target;
  isOpen: boolean;
  onChange: (isOpen: boolean) => void;
  label?: string;
}

/** Notes that somebody was answered, in two keys: how, and it is done. A note may go with it. */
export function FollowUpMenu({
  target,
  isOpen,
  onChange,
  label = 'Followed up',
  ...props
}: FollowUpMenuProps) {
  const { name } = target.recipient;
  const button = (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconCheck size={15} stroke={1.5} aria-hidden />}
      {...props}
      aria-label={`Followed up with ${name}`}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => onChange(!isOpen)}
    >
      {label}
    </Button>
  );
  // A list has many of these and at most one that is open.
  if (!isOpen) return button;
  return (
    <Popover
      opened
      onChange={onChange}
      position="bottom-end"
      width={264}
      trapFocus
      returnFocus
      withinPortal
      closeOnEscape
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown>
        <Choices target={target} onDone={() => onChange(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choices({ target, onDone }: { target: Target; onDone: () => void }) {
  const [note, setNote] = useState('');
  const choose = (kind: FollowUpKind) => {
    onDone();
    void followUp(target, kind, note.trim());
  };
  return (
    <>
      <p className={classes.question}>How did you follow up?</p>
      <div className={classes.kinds}>
        {kinds.map((kind, index) => (
          <Button
            key={kind}
            variant="default"
            size="compact-md"
            {...(index === 0 && { 'data-autofocus': true })}
            onClick={() => choose(kind)}
          >
            {followUpWords[kind].choose}
          </Button>
        ))}
      </div>
      <TextInput
        label="Note"
        description="If there is something to remember"
        size="sm"
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') choose('other');
        }}
      />
    </>
  );
}

/** Notes it at once, and offers to take it back. */
async function followUp(target: Target, kind: FollowUpKind, note: string): Promise<void> {
  try {
    const { id } = await noteFollowUp(target, kind, note);
    notifyUndo(`Followed up with ${target.recipient.name}`, () => undoFollowUp(id).catch(notifyProblem));
  } catch (error) {
    notifyProblem(error);
  }
}
