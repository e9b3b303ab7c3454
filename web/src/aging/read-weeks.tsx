import { plural } from '../lib/format.ts';
import classes from './aging.module.css';
import type { FallingAsset } from './api.ts';

const [step, width, height] = [9, 6, 30];

/** Week by week how many share links were made, and how many of them somebody read; the sentence beside it says what it shows. */
export function ReadWeeks({ weeks, sinceOn, before, after }: FallingAsset) {
  const most = Math.max(1, ...weeks.map(({ shared }) => shared));
  const tall = (count: number) => (count / most) * height;
  const change = weeks.findIndex(({ week }) => week === sinceOn) * step - (step - width) / 2;
  return (
    <svg
      className={classes.series}
      width={weeks.length * step}
      height={height}
      role="img"
      aria-label={`${plural(weeks.length, 'week')}: ${before.readCount.toString()} of ${before.sharedCount.toString()} share links read before, ${after.readCount.toString()} of ${after.sharedCount.toString()} since`}
    >
      {weeks.map(({ week, shared, read }, place) => (
        <g key={week}>
          <rect
            className={classes.shared}
            x={place * step}
            y={height - tall(shared)}
            width={width}
            height={tall(shared)}
          />
          <rect
            className={classes.read}
            x={place * step}
            y={height - tall(read)}
            width={width}
            height={tall(read)}
          />
        </g>
      ))}
      <line x1={change} x2={change} y1={0} y2={height} stroke="currentColor" strokeDasharray="2 2" />
    </svg>
  );
}
