import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber, formatShortDay } from '../lib/format.ts';
import classes from './series-chart.module.css';
import { useMeasuredWidth } from './use-measured-width.ts';

export interface Series {
  /** As it stands beside its line: "Opens". */
  label: string;
  /** One for each day. */
  values: readonly number[];
  /** The name of a colour of the theme: `--rung-6`. */
  color: string;
  /** Filled down to the axis, for what the other lines are part of. */
  isArea?: boolean;
}

interface SeriesChartProps {
  /** What is drawn, for those who hear it. */
  label: string;
  /** Calendar days, the first first. */
  days: readonly string[];
  /** How a day is spoken of: "Week of 3 Aug". */
  nameDay: (day: string) => string;
  series: readonly Series[];
  /** The last stretch is not over yet, so its way there is dashed. */
  isLastOpen?: boolean;
}

const height = 220;
const font = 12;

/** Counts over time; a finger, a mouse or the arrow keys walk along it and tell the values of a day. */
export function SeriesChart({ label, days, nameDay, series, isLastOpen = false }: SeriesChartProps) {
  const [box, width] = useMeasuredWidth();
  const mount = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [at, setAt] = useState<number | null>(null);
  const isWide = width > 0;
  useEffect(() => {
    if (!mount.current || !isWide) return undefined;
    const made = new uPlot(
      optionsOf(mount.current.clientWidth, days, linesOf(series, isLastOpen), setAt),
      [days.map((_, index) => index), ...linesOf(series, isLastOpen).map(({ values }) => values)],
      mount.current,
    );
    plot.current = made;
    const redraw = () => made.redraw();
    void document.fonts.ready.then(redraw);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      theme.disconnect();
      made.destroy();
    };
  }, [isWide, days, series, isLastOpen]);
  useEffect(() => plot.current?.setSize({ width, height }), [width]);

  const last = days.length - 1;
  const go = (index: number) => {
    const to = Math.max(0, Math.min(last, index));
    setAt(to);
    const { current } = plot;
    current?.setCursor({
      left: current.valToPos(to, 'x'),
      top: current.valToPos(series[0]?.values[to] ?? 0, 'y'),
    });
  };
  const walk = (event: React.KeyboardEvent) => {
    const here = at ?? last + 1;
    const steps: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  const told = at === null ? undefined : tell(at, days, nameDay, series);
  return (
    <div ref={box}>
      <div
        className={classes.chart}
        style={{ height }}
        role="slider"
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at ?? last}
        aria-valuetext={told ?? tell(last, days, nameDay, series)}
        tabIndex={0}
        onKeyDown={walk}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      >
        <div ref={mount} />
      </div>
      <p className={classes.told} aria-live="polite">
        {told ?? (
          <span aria-hidden="true">
            Point at the chart, or walk it with the arrow keys, to see its numbers.
          </span>
        )}
      </p>
    </div>
  );
}

function tell(
  at: number,
  days: readonly string[],
  nameDay: (day: string) => string,
  series: readonly Series[],
): string {
  const values = series.map(({ label, values: of }) => `${label.toLowerCase()} ${formatNumber(of[at] ?? 0)}`);
  return `${nameDay(days[at] ?? '')}: ${values.join(', ')}`;
}

interface Line extends Omit<Series, 'values'> {
  values: (number | null)[];
  isDashed: boolean;
}

/** What is over as whole lines, and the way to what is not as dashed ones over the same axis. */
function linesOf(series: readonly Series[], isLastOpen: boolean): Line[] {
  return series.flatMap(({ values, ...each }) => {
    const last = values.length - 1;
    if (!isLastOpen || last === 0) return [{ ...each, values: [...values], isDashed: false }];
    return [
      { ...each, values: values.map((value, index) => (index < last ? value : null)), isDashed: false },
      { ...each, values: values.map((value, index) => (index >= last - 1 ? value : null)), isDashed: true },
    ];
  });
}

function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function optionsOf(
  width: number,
  days: readonly string[],
  lines: readonly Line[],
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const face = `${font.toString()}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = {
    stroke: () => colorOf('--quiet'),
    font: face,
    ticks: { show: false },
    border: { show: false },
  } satisfies uPlot.Axis;
  return {
    width,
    height,
    padding: [12, labelWidth(lines, face), 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, fill: (_, index) => colorOf(lines[index - 1]?.color ?? '--ink') },
    },
    scales: {
      x: { time: false },
      y: { range: (_, __, most) => [0, Math.max(4, Math.ceil(most * 1.08))] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        splits: (made) => placesFor(days.length, made.width),
        values: (_, places) => places.map((place) => formatShortDay(days[place] ?? '')),
      },
      {
        ...axis,
        size: 44,
        space: 44,
        incrs: [
          1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
        ],
        grid: { stroke: () => colorOf('--hairline'), width: 1 },
        values: (_, values) => values.map(formatNumber),
      },
    ],
    series: [
      {},
      ...lines.map(({ color, isArea, isDashed }) => ({
        stroke: () => colorOf(color),
        width: isArea ? 1.5 : 2.5,
        ...(isDashed && { dash: [4, 4] }),
        ...(isArea && { fill: () => `${colorOf(color)}2e` }),
        points: { show: days.length <= 60, size: 5, fill: () => colorOf(color) },
      })),
    ],
    hooks: {
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)],
      draw: [(made) => writeNames(made, lines, face)],
    },
  };
}

/** The days that are named below the chart, evenly, as many as there is room for; the last is one of them. */
function placesFor(count: number, width: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(2, Math.floor(width / 84))));
  const places: number[] = [];
  for (let place = count - 1; place >= 0; place -= step) places.unshift(place);
  return places;
}

function labelWidth(lines: readonly Line[], face: string): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 64;
  context.font = face;
  return Math.ceil(Math.max(0, ...lines.map(({ label }) => context.measureText(label).width))) + 14;
}

/** The name of each line stands at its end, so that nobody has to look for it in a legend. */
function writeNames(plot: uPlot, lines: readonly Line[], face: string): void {
  const { ctx, bbox } = plot;
  const scale = uPlot.pxRatio;
  const ends = lines
    .flatMap(({ label, values }) => {
      const end = values.at(-1);
      return typeof end === 'number' ? [{ label, y: plot.valToPos(end, 'y', true) }] : [];
    })
    .toSorted((a, b) => b.y - a.y);
  ctx.save();
  ctx.font = face.replace(/^\d+px/, `${(font * scale).toString()}px`);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = colorOf('--soft-ink');
  // From the lowest up, none below the axis and none over another.
  let room = bbox.top + bbox.height - 6 * scale;
  for (const { label, y } of ends) {
    const at = Math.min(y, room);
    ctx.fillText(label, bbox.left + bbox.width + 8 * scale, at);
    room = at - 15 * scale;
  }
  ctx.restore();
}
