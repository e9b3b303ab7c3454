import { formatClock, formatNumber, formatPercent } from '../lib/format.ts';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import classes from './line-charts.module.css';

interface StepLine {
  name: string;
  /** Shares from 0 to 1. */
  values: readonly number[];
}

interface ShareChartProps {
  label: string;
  metric: 'drop_off' | 'retention';
  /** The line that the chart is about. */
  line: StepLine;
  /** Another one to hold it against. */
  other?: StepLine | undefined;
  /** The first and the last place of the axis below, and what lies between. */
  places: readonly string[];
}

const height = 220;
const edge = { top: 14, right: 8, bottom: 26, left: 44 };

/** What part of the readers is still there, from the beginning to the end. */
export function ShareChart({ label, metric, line, other, places }: ShareChartProps) {
  const [box, width] = useMeasuredWidth();
  const right = width - edge.right;
  const x = (index: number) => edge.left + (index / Math.max(1, line.values.length)) * (right - edge.left);
  const y = (share: number) => edge.top + (1 - share) * (height - edge.top - edge.bottom);
  const path = (values: readonly number[]) =>
    values
      .slice(0, line.values.length)
      .map(
        (share, index) =>
          `${index === 0 ? 'M' : 'L'} ${x(index).toFixed(1)} ${y(share).toFixed(1)} H ${x(index + 1).toFixed(1)}`,
      )
      .join(' ');
  const end = x(Math.min(line.values.length, other?.values.length ?? 0));
  // A page is named below its middle, a moment where it is.
  const shift = metric === 'drop_off' ? 0.5 : 0;
  const every = Math.max(1, Math.ceil(places.length / Math.max(2, Math.floor((right - edge.left) / 48))));
  return (
    <div ref={box} className={classes.box} style={{ minHeight: height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label} data-metric={metric}>
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                className={share === 0.5 ? classes.half : classes.grid}
                x1={edge.left}
                x2={right}
                y1={y(share)}
                y2={y(share)}
              />
              <text className={classes.tick} x={edge.left - 8} y={y(share) + 4} textAnchor="end">
                {formatPercent(share)}
              </text>
            </g>
          ))}
          <path
            className={classes.area}
            d={`${path(line.values)} V ${y(0).toFixed(1)} H ${x(0).toFixed(1)} Z`}
          />
          {other && (
            <>
              <path className={classes.other} d={path(other.values)} />
              <text
                className={classes.tick}
                x={end - 4}
                y={Math.max(12, y(other.values[line.values.length - 1] ?? other.values.at(-1) ?? 0) - 7)}
                textAnchor="end"
              >
                {other.name}
              </text>
            </>
          )}
          <path className={classes.line} d={path(line.values)} />
          {places.map((place, index) =>
            index % every === 0 ? (
              <text
                key={place}
                className={classes.tick}
                x={x(((index + shift) * line.values.length) / places.length)}
                y={height - 6}
                textAnchor={shift + index === 0 ? 'start' : 'middle'}
              >
                {place}
              </text>
            ) : null,
          )}
        </svg>
      )}
    </div>
  );
}

/** Evenly so many moments of a video or sound, as a clock shows them. */
export function clockPlaces(durationMs: number): string[] {
  const count = 8;
  return Array.from({ length: count }, (_, index) => formatClock((durationMs * index) / count));
}

export function pagePlaces(count: number): string[] {
  return Array.from({ length: count }, (_, index) => formatNumber(index + 1));
}
