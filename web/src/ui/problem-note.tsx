import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiProblem } from '../lib/api.ts';
import classes from './problem-note.module.css';

interface ProblemNoteProps {
  error: unknown;
  /** Tries again what failed. */
  onRetry?: () => void;
}

/** What failed, why, and what to do next. For errors of a form or of a part of a page. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const { title, detail, requestId } = describeProblem(error);
  return (
    <div className={classes.note} role="alert">
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        <p className={classes.detail}>{detail}</p>
        {requestId && <p className={classes.request}>Request {requestId}</p>}
      </div>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry} className={classes.retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The words for an error, wherever it is shown. */
export function describeProblem(error: unknown): {
  title: string;
  detail: string;
  requestId?: string | undefined;
} {
  if (error instanceof ApiProblem)
    return {
      title: error.title,
      detail: error.detail === error.title ? 'Check what you entered, then try again.' : error.detail,
      ...(error.status >= 500 && { requestId: error.requestId }),
    };
  return {
    title: 'Something went wrong on this page',
    detail: 'Reload the page. If it happens again, tell your admin what you were doing.',
  };
}
