import { useQuery } from '@tanstack/react-query';
import { plural } from '../lib/format.ts';
import { freshnessQuery } from './api.ts';
import classes from './freshness.module.css';

const lateMs = 60_000;

/** Up to when the numbers of the report are counted; it warns when that is longer ago than a minute. */
export function Freshness() {
  const { data } = useQuery(freshnessQuery);
  if (!data) return null;
  const { countedAt, now, waitingCount } = data;
  const behindMs = now.getTime() - countedAt.getTime();
  const isLate = behindMs > lateMs;
  return (
    <span className={classes.freshness} data-late={isLate || undefined}>
      Counted up to <time dateTime={countedAt.toISOString()}>{clock(countedAt, now)}</time>
      <span role="status">
        {isLate && `, ${plural(Math.round(behindMs / 60_000), 'minute')} behind`}
        {isLate && waitingCount > 0 && `; ${plural(waitingCount, 'change')} wait`}
      </span>
    </span>
  );
}

/** 14:03:20, with its day when that is not today. */
function clock(moment: Date, now: Date): string {
  const time = moment.toLocaleTimeString('en-GB');
  if (moment.toDateString() === now.toDateString()) return time;
  return `${moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}
