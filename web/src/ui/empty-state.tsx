import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  title: string;
  /** Why it is empty and what will be here. */
  children: ReactNode;
  /** The finished thing in miniature; it is decoration and hidden from assistive technology. */
  miniature?: ReactNode;
  /** The one step towards it. */
  action?: ReactNode;
  /** The whole page is empty, so its title is the page's heading. */
  isPage?: boolean;
}

export function EmptyState({ title, children, miniature, action, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <section className={classes.empty}>
      {miniature && (
        <div className={classes.miniature} aria-hidden="true" inert>
          {miniature}
        </div>
      )}
      <Heading className={classes.title}>{title}</Heading>
      <p className={classes.text}>{children}</p>
      {action && <div className={classes.action}>{action}</div>}
    </section>
  );
}

/** A list in miniature, for empty lists: a few rows of bars in the widths of its columns. */
export function MiniatureRows({ widths, rows = 3 }: { widths: readonly string[]; rows?: number }) {
  return (
    <div className={classes.rows}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row.toString()}`} className={classes.row} style={{ opacity: 1 - row * 0.28 }}>
          {widths.map((width, column) => (
            <span key={`column-${column.toString()}`} style={{ width }} />
          ))}
        </div>
      ))}
    </div>
  );
}
