import { type KeyboardEvent, useRef, useState } from 'react';
import { formatNumber, formatPoints, plural } from '../lib/format.ts';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import type { AssetInfluence } from './api.ts';
import classes from './forest-plot.module.css';
import { intervalWords } from './influence-words.ts';

interface ForestPlotProps {
  assets: readonly AssetInfluence[];
  openId?: string | undefined;
  onOpen: (assetId: string) => void;
}

const headHeight = 26;
/** Above this width the title, the line and the numbers stand side by side. */
const wideFrom = 640;
const numbersWidth = 176;
const gap = 20;
/** About so wide is a letter of a title. */
const letterWidth = 7;
const ring = 4;

/** A drawing has no elements of its own for its parts, only roles. */
const roles = { group: { role: 'group' }, drawn: { 'aria-hidden': true } } as const;

/** Each asset's difference with its interval around the line of no difference; the order is that of the shrunken estimates. */
export function ForestPlot({ assets, openId, onOpen }: ForestPlotProps) {
  const [frame, width] = useMeasuredWidth();
  const [at, setAt] = useState(0);
  const plot = useRef<SVGSVGElement>(null);
  const shown = assets.filter(({ difference }) => difference !== null);
  const reach = reachOf(shown);
  const layout = layoutOf(width);
  const current = Math.min(at, shown.length - 1);
  const move = (event: KeyboardEvent, assetId: string) => {
    const last = shown.length - 1;
    const next = { ArrowUp: current - 1, ArrowDown: current + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Enter' || event.key === ' ') onOpen(assetId);
    else if (next === undefined) return;
    event.preventDefault();
    if (next === undefined) return;
    const place = Math.max(0, Math.min(last, next));
    setAt(place);
    plot.current?.querySelector<SVGGElement>(`[data-place="${place}"]`)?.focus();
  };
  return (
    <div ref={frame}>
      {width > 0 && (
        <svg
          ref={plot}
          {...roles.group}
          aria-label="Difference for each asset"
          data-metric="influence"
          className={classes.plot}
          width={width}
          height={headHeight + layout.rowHeight * shown.length}
        >
          <Axis reach={reach} layout={layout} rowCount={shown.length} />
          {shown.map((asset, place) => (
            <g
              key={asset.assetId}
              className={classes.row}
              data-sure={asset.difference?.isSure || undefined}
              transform={`translate(0 ${headHeight + place * layout.rowHeight})`}
            >
              <Row asset={asset} reach={reach} layout={layout} width={width} />
              {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of its own. */}
              <g
                role="button"
                tabIndex={place === current ? 0 : -1}
                data-place={place}
                aria-current={asset.assetId === openId || undefined}
                aria-label={rowSentence(asset)}
                className={classes.button}
                onClick={() => onOpen(asset.assetId)}
                onKeyDown={(event) => move(event, asset.assetId)}
                onFocus={() => setAt(place)}
              >
                <title>{asset.title}</title>
                <rect
                  className={classes.ground}
                  x={0}
                  y={1}
                  width={width}
                  height={layout.rowHeight - 2}
                  rx={4}
                />
              </g>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

interface Layout {
  isWide: boolean;
  rowHeight: number;
  /** Where the scale begins and ends, from the left. */
  from: number;
  to: number;
}

function layoutOf(width: number): Layout {
  if (width < wideFrom) return { isWide: false, rowHeight: 78, from: ring, to: width - ring };
  const from = Math.round(width * 0.41);
  return { isWide: true, rowHeight: 48, from, to: width - numbersWidth - gap };
}

/** Half the axis, in steps of ten points. */
function reachOf(assets: readonly AssetInfluence[]): number {
  const furthest = assets.flatMap(({ difference }) =>
    difference ? [Math.abs(difference.low), Math.abs(difference.high)] : [],
  );
  return Math.min(1, Math.ceil(Math.max(0.1, ...furthest) * 10) / 10);
}

function placeOn({ from, to }: Layout, reach: number, share: number): number {
  const inside = Math.max(-reach, Math.min(reach, share));
  return (from + to) / 2 + ((to - from) / 2) * (inside / reach);
}

function Axis({ reach, layout, rowCount }: { reach: number; layout: Layout; rowCount: number }) {
  const { isWide, rowHeight } = layout;
  return (
    <g>
      <text className={classes.tick} x={layout.from} y={13}>
        {formatPoints(-reach)} points
      </text>
      <text className={classes.tick} x={placeOn(layout, reach, 0)} y={13} textAnchor="middle">
        no difference
      </text>
      <text className={classes.tick} x={layout.to} y={13} textAnchor="end">
        {formatPoints(reach)}
      </text>
      {isWide && (
        <Rulers reach={reach} layout={layout} from={headHeight - 6} to={headHeight + rowHeight * rowCount} />
      )}
    </g>
  );
}

interface RulersProps {
  reach: number;
  layout: Layout;
  from: number;
  to: number;
}

/** The line of no difference and those half-way to the ends; where rows have their words above, only beside the interval. */
function Rulers({ reach, layout, from, to }: RulersProps) {
  const at = (share: number) => placeOn(layout, reach, share);
  return (
    <>
      {[-reach / 2, 0, reach / 2].map((share) => (
        <line
          key={share}
          className={share === 0 ? classes.zero : classes.grid}
          x1={at(share)}
          x2={at(share)}
          y1={from}
          y2={to}
        />
      ))}
    </>
  );
}

interface RowProps {
  asset: AssetInfluence;
  reach: number;
  layout: Layout;
  width: number;
}

function Row({ asset: { difference, exposed, unexposed, title }, reach, layout, width }: RowProps) {
  if (!difference) return null;
  const { isWide, rowHeight, from, to } = layout;
  const at = (share: number) => placeOn(layout, reach, share);
  const line = isWide ? rowHeight / 2 : 40;
  const read = `${plural(exposed.dealCount, 'deal')}, ${formatNumber(unexposed.dealCount)} alike`;
  return (
    // The button over it says all of it in words.
    <g {...roles.drawn}>
      <line className={classes.rule} x1={0} x2={width} y1={rowHeight} y2={rowHeight} />
      <text className={classes.title} x={ring} y={isWide ? rowHeight / 2 + 5 : 19}>
        {fit(title, (isWide ? from - gap : to) - ring)}
      </text>
      {!isWide && <Rulers reach={reach} layout={layout} from={line - 11} to={line + 11} />}
      <line
        className={classes.interval}
        x1={at(difference.low)}
        x2={at(difference.high)}
        y1={line}
        y2={line}
      />
      {[difference.low, difference.high].map((share, place) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: both ends may be at one place.
          key={place}
          className={classes.interval}
          x1={at(share)}
          x2={at(share)}
          y1={line - 4}
          y2={line + 4}
        />
      ))}
      <circle className={classes.point} cx={at(difference.estimate)} cy={line} r={5} />
      {isWide ? (
        <>
          <text className={classes.numbers} x={to + gap} y={rowHeight / 2 - 4}>
            <tspan className={classes.estimate}>{formatPoints(difference.estimate)}</tspan> (
            {intervalWords(difference)})
          </text>
          <text className={classes.numbers} x={to + gap} y={rowHeight / 2 + 14}>
            {read}
          </text>
        </>
      ) : (
        <text className={classes.numbers} x={ring} y={66}>
          <tspan className={classes.estimate}>{formatPoints(difference.estimate)}</tspan> (
          {intervalWords(difference)}), {read}
        </text>
      )}
    </g>
  );
}

/** A title that is too long for its place ends in dots; whole it is in the table and where the row opens. */
function fit(text: string, width: number): string {
  const letters = Math.max(8, Math.floor(width / letterWidth));
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}

function rowSentence({ title, difference, exposed, unexposed }: AssetInfluence): string {
  if (!difference) return title;
  return `${title}: ${formatPoints(difference.estimate)} points, 95% interval ${intervalWords(difference)}, ${plural(exposed.dealCount, 'deal')}, ${formatNumber(unexposed.dealCount)} alike${difference.isSure ? ', stands after the correction' : ''}`;
}
