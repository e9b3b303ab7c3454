import { UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import classes from './notify.module.css';
import { describeProblem } from './problem-note.tsx';

/** Says that something is done. Short, in the past tense: "Share link copied". */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 4000, closeButtonProps: { 'aria-label': 'Close' } });
}

/** Says what was done and offers to take it back; answers how to close it when that happened elsewhere. */
export function notifyUndo(message: string, undo: () => unknown): () => void {
  const id = notifications.show({
    autoClose: 9000,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <span className={classes.line}>
        {message}
        <UnstyledButton
          className={classes.undo}
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </UnstyledButton>
      </span>
    ),
  });
  return () => void notifications.hide(id);
}

/** For an action that failed. A form shows its problems itself, with ProblemNote. */
export function notifyProblem(error: unknown): void {
  const { title, detail } = describeProblem(error);
  notifications.show({
    autoClose: 12_000,
    closeButtonProps: { 'aria-label': 'Close' },
    role: 'alert',
    message: (
      <span>
        <strong className={classes.fault}>{title}.</strong> {detail}
      </span>
    ),
  });
}
