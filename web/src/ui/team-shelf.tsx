import type { ShelfReport } from '@offshelf/server/contract/analytics';
import { formatMinute, formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from './app-link.tsx';
import { ShelfStrip } from './shelf-strip.tsx';
import classes from './team-shelf.module.css';

/** The team's shelf on somebody else's page: one sentence, one strip, the way to the report. Nothing when nothing counts yet. */
export function TeamShelf({ report }: { report: ShelfReport }) {
  const { part, n } = report.unusedRate.current;
  if (n === 0) return null;
  const days = Math.round((report.windowEnd.getTime() - report.windowStart.getTime()) / 86_400_000);
  const sentence = `Sales used ${formatNumber(n - part)} of ${formatNumber(n)} eligible assets in the last ${days.toString()} days`;
  return (
    <section className={classes.shelf} aria-label="Your team’s shelf">
      <p className={classes.sentence} title={`As of ${formatMinute(report.asOf)}`}>
        {sentence}. <AppLink to={paths.shelf}>See the shelf</AppLink>
      </p>
      <ShelfStrip spines={report.spines} label={`${sentence}; the further an asset got, the more ink`} />
    </section>
  );
}
