import { useQuery } from '@tanstack/react-query';
import { reachQuery } from '../analytics/api.ts';
import { formatMinute, formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { answerSentence } from '../lib/shelf-answer.ts';
import { wholeSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { ShelfStrip } from '../ui/shelf-strip.tsx';
import classes from './find-home.module.css';

/** The shelf in small: how much of it has reached nobody. It is extra, so it stays away when it can't be read. */
export function TeamShelf() {
  const report = useQuery(reachQuery(wholeSlice)).data;
  if (!report || report.unusedRate.current.value === null) return null;
  const { part, n } = report.unusedRate.current;
  const sentence = answerSentence(report);
  return (
    <section className={classes.shelf} aria-labelledby="team-shelf">
      <h2 id="team-shelf" className={classes.heading}>
        Your team’s shelf
      </h2>
      <ShelfStrip ladder={report.ladder} label={`${formatNumber(n)} assets: ${sentence}`} />
      <p className={classes.shelfWords}>
        <span>{sentence}</span>
        <AppLink to={paths.shelf}>See the report</AppLink>
      </p>
      <p className={classes.newFacts}>
        {formatNumber(part)} of {formatNumber(n)} eligible assets, as of {formatMinute(report.asOf)}
      </p>
    </section>
  );
}
