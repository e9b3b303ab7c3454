import { formatNumber, formatPercent } from '../lib/format.ts';
import { rungWords } from '../ui/rungs.ts';
import type { Reach, Rung } from './api.ts';
import classes from './ladder.module.css';

const width = 780;
const rowHeight = 40;
const bar = { from: 180, to: 600, height: 18 };

/**
 * The ladder as one drawing, to take along. What stands on the page has words to be read and rungs to be pressed, which no
 * picture holds; so this one waits out of sight.
 */
export function LadderPicture({ report: { ladder, unusedRate }, before }: { report: Reach; before: number }) {
  const n = Math.max(1, unusedRate.current.n);
  const wide = (share: number) => share * (bar.to - bar.from);
  return (
    <svg
      className={classes.picture}
      aria-hidden="true"
      focusable="false"
      width={width}
      height={rowHeight * ladder.length}
    >
      {ladder.map(({ rung, count, reachedCount, previousReachedCount }, place) => {
        const onwards = rung === 'moved' ? reachedCount : reachedCount - count;
        const top = (rowHeight - bar.height) / 2;
        return (
          <g key={rung} transform={`translate(0 ${place * rowHeight})`}>
            <text className={classes.drawnName} x={0} y={rowHeight / 2 + 5}>
              {rungName(rung)}
            </text>
            <rect
              className={classes.drawnStops}
              x={bar.from}
              y={top}
              width={wide(reachedCount / n)}
              height={bar.height}
            />
            <rect
              className={classes.drawnOnwards}
              x={bar.from}
              y={top}
              width={wide(onwards / n)}
              height={bar.height}
            />
            {before > 0 && (
              <rect
                className={classes.drawnNotch}
                x={bar.from + wide(previousReachedCount / before) - 1}
                y={top - 4}
                width={2}
                height={bar.height + 8}
              />
            )}
            <text className={classes.drawnCount} x={bar.to + 16} y={rowHeight / 2 + 5}>
              {formatNumber(reachedCount)}, {formatPercent(reachedCount / n)}
              {before > 0 && `, was ${formatPercent(previousReachedCount / before)}`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** As it stands at the beginning of a line. */
export function rungName(rung: Rung): string {
  const { short } = rungWords[rung];
  return short.charAt(0).toUpperCase() + short.slice(1);
}
