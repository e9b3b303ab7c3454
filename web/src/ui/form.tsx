import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './form.module.css';
import { ProblemNote } from './problem-note.tsx';

interface FormProps {
  onSubmit: (event: React.FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
  submitLabel: string;
  isSubmitting?: boolean;
  /** Why it can't be submitted yet; shown beside the disabled button. */
  notYet?: string | undefined;
  /** The problem of the last try, shown in the form and nowhere else. */
  problem?: unknown;
  /** Beside the submit button. */
  more?: ReactNode;
  isWide?: boolean;
}

/** Fields one below the other, the problem of the last try, and one thing to do. ⌘↵ submits from any field. */
export function Form({
  onSubmit,
  children,
  submitLabel,
  isSubmitting = false,
  notYet,
  problem,
  more,
  isWide,
}: FormProps) {
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={onSubmit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
    >
      {children}
      {problem ? <ProblemNote error={problem} /> : null}
      <div className={classes.end}>
        <Button
          type="submit"
          loading={isSubmitting}
          disabled={notYet !== undefined}
          fullWidth={isWide ?? false}
        >
          {submitLabel}
        </Button>
        {more}
        {notYet && <span className="quiet">{notYet}</span>}
      </div>
    </form>
  );
}

/** A part of a settings page: what it is about on the left, its fields on the right. */
export function FormSection({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.section}>
      <div>
        <h2 className={classes.title}>{title}</h2>
        {lead && <p className={classes.lead}>{lead}</p>}
      </div>
      <div className={classes.fields}>{children}</div>
    </section>
  );
}
