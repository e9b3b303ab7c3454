import { type ReactNode, useEffect } from 'react';
import classes from './page-header.module.css';

let pageTitle = '';
let unreadCount = 0;

function writeTitle(): void {
  const count = unreadCount > 0 ? `(${unreadCount > 99 ? '99+' : unreadCount.toString()}) ` : '';
  document.title = `${count}${pageTitle} · Offshelf`;
}

/** The name of the page in the window's title; a page without a PageHeader calls it itself. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    pageTitle = title;
    writeTitle();
  }, [title]);
}

/** How many notifications wait, before the name of the page; answers how to take that back. */
export function showInTitle(count: number): () => void {
  unreadCount = count;
  if (pageTitle) writeTitle();
  return () => {
    unreadCount = 0;
    if (pageTitle) writeTitle();
  };
}

interface PageHeaderProps {
  title: string;
  /** One sentence on what the page is for. */
  lead?: ReactNode;
  /** Something above the title, such as the way back. */
  above?: ReactNode;
  /** Buttons; the one thing to do comes last. */
  actions?: ReactNode;
}

export function PageHeader({ title, lead, above, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {above && <div className={classes.above}>{above}</div>}
        <h1 className={classes.title}>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
