import { useEffect, useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import classes from './reading-page.module.css';

interface PageNumberProps {
  page: number;
  pageCount: number;
  onPage: (pageNumber: number) => void;
}

/** Page n of N; another number goes there. */
export function PageNumber({ page, pageCount, onPage }: PageNumberProps) {
  const [text, setText] = useState(page.toString());
  useEffect(() => setText(page.toString()), [page]);
  const go = () => {
    const next = Number.parseInt(text, 10);
    if (Number.isNaN(next)) setText(page.toString());
    else onPage(next);
  };
  return (
    <form
      className={classes.number}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <label>
        <span className={classes.numberWord}>Page</span>{' '}
        <input
          inputMode="numeric"
          aria-label={`Page, of ${pageCount.toString()}`}
          value={text}
          style={{ width: `${(pageCount.toString().length + 2.2).toString()}ch` }}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setText(event.currentTarget.value.replace(/\D/g, '').slice(0, 6))}
          onBlur={() => setText(page.toString())}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </label>{' '}
      of {formatNumber(pageCount)}
    </form>
  );
}
