import { formatCalendarDay, plural } from '../lib/format.ts';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import classes from './aging.module.css';
import { fallFinding } from './aging-words.ts';
import type { FallingAsset } from './api.ts';

/** The rest stand in the list. */
const mostCharts = 3;

/** Week by week how many share links were made, and how many of them somebody read. */
export function Falls({ falling, asOf }: { falling: readonly FallingAsset[]; asOf: Date }) {
  return (
    <div className={classes.falls}>
      {falling.slice(0, mostCharts).map((asset) => (
        <ChartFrame
          key={asset.assetId}
          title={fallFinding(asset)}
          lead="A column is a week of share links, its stronger part those that somebody read within 14 days. The line is the change."
          metrics={['reads_per_share']}
          asOf={asOf}
          n={asset.before.sharedCount + asset.after.sharedCount}
          fileName={`reads-per-share-${asset.assetId}`}
          columns={[
            { key: 'week', label: 'Week of' },
            { key: 'shared', label: 'Share links' },
            { key: 'read', label: 'Read' },
          ]}
          rows={asset.weeks.map((week) => ({ ...week }))}
        >
          <ReadWeeks {...asset} />
        </ChartFrame>
      ))}
    </div>
  );
}

const height = 96;
const foot = 20;
const widestWeek = 28;

function ReadWeeks({ weeks, sinceOn, before, after }: FallingAsset) {
  const [frame, width] = useMeasuredWidth();
  const most = Math.max(1, ...weeks.map(({ shared }) => shared));
  const step = Math.min(widestWeek, width / Math.max(1, weeks.length));
  const gap = Math.max(1, step * 0.28);
  const tall = (count: number) => (count / most) * height;
  const changeAt = weeks.findIndex(({ week }) => week === sinceOn) * step - gap / 2;
  const isLate = changeAt > (weeks.length * step) / 2;
  return (
    <div ref={frame}>
      {width > 0 && (
        <svg
          className={classes.series}
          data-metric="reads_per_share"
          width={weeks.length * step}
          height={height + foot}
          role="img"
          aria-label={`${plural(weeks.length, 'week')}: ${before.readCount.toString()} of ${before.sharedCount.toString()} share links read before, ${after.readCount.toString()} of ${after.sharedCount.toString()} since`}
        >
          {weeks.map(({ week, shared, read }, place) => (
            <g key={week}>
              <rect
                className={classes.shared}
                x={place * step}
                y={height - tall(shared)}
                width={step - gap}
                height={tall(shared)}
              />
              <rect
                className={classes.read}
                x={place * step}
                y={height - tall(read)}
                width={step - gap}
                height={tall(read)}
              />
            </g>
          ))}
          <line
            x1={changeAt}
            x2={changeAt}
            y1={0}
            y2={height + foot}
            stroke="currentColor"
            strokeDasharray="3 3"
          />
          <text
            className={classes.since}
            x={changeAt + (isLate ? -6 : 6)}
            y={height + foot - 5}
            textAnchor={isLate ? 'end' : 'start'}
          >
            since the week of {formatCalendarDay(sinceOn)}
          </text>
        </svg>
      )}
    </div>
  );
}
