import type { ReactNode } from 'react';
import { formatNumber } from '../lib/format.ts';
import classes from './list-section.module.css';

interface ListSectionProps {
  title: string;
  count?: number;
  lead?: string | undefined;
  /** Stands beside the title. */
  action?: ReactNode;
  /** The rows; without them only the head is shown. */
  children?: ReactNode;
}

/** One of several lists on a page, with what it holds above it. */
export function ListSection({ title, count, lead, action, children }: ListSectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.heading}>
          {title} {count !== undefined && <span className={classes.count}>{formatNumber(count)}</span>}
        </h2>
        {lead && <p className="quiet">{lead}</p>}
        {action}
      </header>
      {children && (
        <ul className={classes.list} aria-label={title}>
          {children}
        </ul>
      )}
    </section>
  );
}
