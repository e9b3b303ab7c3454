import { formatNumber, formatPercent } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { RungSwatch } from '../ui/rung-swatch.tsx';
import { rungStep } from '../ui/rungs.ts';
import { hasBefore, stopName } from './answer-words.ts';
import type { Reach } from './api.ts';
import classes from './rung-key.module.css';

/** What the colours of the shelf mean and how many spines have each: the key of the picture is its evidence, too. */
export function RungKey({ report, slice }: { report: Reach; slice: SliceState }) {
  const { current, previous } = report.unusedRate;
  const isComparable = hasBefore(report) && current.n > 0;
  return (
    <ol className={classes.key} aria-label="How far the assets got">
      {report.ladder.map(({ rung, count, previousCount }) => (
        <li key={rung}>
          <AppLink
            to={paths.reach}
            search={{ ...sliceQuery(slice), rung }}
            className={classes.entry}
            underline="never"
          >
            <span className={classes.count}>
              <RungSwatch step={rungStep(rung)} />
              {formatNumber(count)}
            </span>
            <span className={classes.cause}>{stopName(rung, report)}</span>
            {isComparable && (
              <span className={classes.change}>
                {formatPercent(count / current.n)}, was {formatPercent(previousCount / previous.n)}
              </span>
            )}
          </AppLink>
        </li>
      ))}
    </ol>
  );
}
