import type { ReactNode } from 'react';
import { formatDay } from '../lib/format.ts';
import classes from './timeline.module.css';

export interface TimelineEntry {
  key: string;
  at: Date;
  /** `act` is something that somebody here did, `person` a prospect, `quiet` the rest. */
  tone: 'act' | 'person' | 'quiet';
  content: ReactNode;
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What happened, newest first, under the day on which it did. */
export function Timeline({ entries, label }: { entries: readonly TimelineEntry[]; label: string }) {
  const days = Map.groupBy(entries, ({ at }) => formatDay(at));
  return (
    <section aria-label={label}>
      {[...days].map(([day, ofDay]) => (
        <section key={day} className={classes.day} aria-label={day}>
          <h3 className={classes.date}>{day}</h3>
          <ol className={classes.entries}>
            {ofDay.map(({ key, at, tone, content }) => (
              <li key={key} className={classes.entry} data-tone={tone}>
                <time className={classes.time} dateTime={at.toISOString()}>
                  {timeFormat.format(at)}
                </time>
                <div className={classes.content}>{content}</div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}
