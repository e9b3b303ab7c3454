import type { RenditionPage } from '@offshelf/server/contract/rendering';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { formatDuration, formatNumber, formatPercent, plural } from '../lib/format.ts';
import { pageImagePath } from '../lib/paths.ts';
import { onPlainClick } from '../lib/plain-click.ts';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import type { AttentionPage } from './api.ts';
import classes from './page-chart.module.css';
import { axisOf, layoutFor, type PageLayout } from './page-layout.ts';

interface PageChartProps {
  versionId: string;
  pages: readonly AttentionPage[];
  sheets: readonly RenditionPage[];
  pagedCount: number;
  current: number;
  onLook: (pageNumber: number) => void;
  /** Where a page is read, as a link. */
  readingAt: (pageNumber: number) => { to: string; search: Record<string, unknown>; href: string };
}

/** What an SVG is for assistive technology when it holds links. */
const group = { role: 'group' } as const;
/** A link says in words what is drawn over it. */
const drawn = { 'aria-hidden': true } as const;

/** Quartiles are told from so many visits on; of fewer the median alone. */
export const fewestForQuartiles = 5;

/**
 * Every page with its picture: how long people look at it against the time its words take, what they made of it, and how many
 * got so far. One stop for the Tab key; the arrows walk the pages, Enter opens one.
 */
export function PageChart({
  versionId,
  pages,
  sheets,
  pagedCount,
  current,
  onLook,
  readingAt,
}: PageChartProps) {
  const [box, width] = useMeasuredWidth();
  const drawing = useRef<SVGSVGElement>(null);
  const navigate = useNavigate();
  const layout = layoutFor(width);
  const axis = axisOf(pages, layout);
  const walk = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowRight: current + 1,
      ArrowUp: current - 1,
      ArrowLeft: current - 1,
      Home: 1,
      End: pages.length,
    };
    const to = steps[event.key];
    if (to === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = Math.max(1, Math.min(pages.length, to));
    drawing.current?.querySelector<SVGAElement>(`[data-page="${next.toString()}"]`)?.focus();
  };
  return (
    <nav ref={box} aria-label="Attention page by page" onKeyDown={walk}>
      {width > 0 && (
        <svg
          ref={drawing}
          {...group}
          aria-label="Pages, each a link to read it"
          className={classes.chart}
          width={width}
          height={layout.head + pages.length * layout.row}
        >
          <Head layout={layout} axis={axis} height={pages.length * layout.row} />
          {pages.map((page) => {
            const { to, search, href } = readingAt(page.pageNumber);
            return (
              <g
                key={page.pageNumber}
                transform={`translate(0 ${(layout.head + (page.pageNumber - 1) * layout.row).toString()})`}
              >
                <a
                  href={href}
                  data-page={page.pageNumber}
                  data-current={page.pageNumber === current || undefined}
                  className={classes.row}
                  tabIndex={page.pageNumber === current ? 0 : -1}
                  aria-label={sayPage(page, pagedCount)}
                  onPointerEnter={() => onLook(page.pageNumber)}
                  onFocus={() => onLook(page.pageNumber)}
                  onClick={onPlainClick(() => void navigate({ to, search } as never))}
                >
                  <rect className={classes.ground} x={0} y={1} width={width} height={layout.row - 2} rx={6} />
                </a>
                <g {...drawn} className={classes.drawn} data-metric="attention">
                  <Sheet
                    versionId={versionId}
                    page={page}
                    sheet={sheets[page.pageNumber - 1]}
                    layout={layout}
                  />
                  <Times page={page} layout={layout} at={axis.at} />
                  <Shares page={page} layout={layout} />
                  <text className={classes.number} x={layout.reached} y={layout.reachedY} textAnchor="end">
                    {pagedCount === 0 ? '–' : formatPercent(page.reachedCount / pagedCount)}
                  </text>
                </g>
              </g>
            );
          })}
        </svg>
      )}
    </nav>
  );
}

function sayPage(page: AttentionPage, pagedCount: number): string {
  const { pageNumber, activeMs, seenCount, skippedCount, skimmedCount, readCount, studiedCount } = page;
  const time = activeMs
    ? `median ${formatDuration(activeMs.median)} of ${formatDuration(page.expectedMs)} expected, in ${plural(seenCount, 'visit')}`
    : 'not in sight of anybody';
  return `Page ${formatNumber(pageNumber)}: ${time}; skipped ${formatNumber(skippedCount)}, skimmed ${formatNumber(skimmedCount)}, read ${formatNumber(readCount)}, studied ${formatNumber(studiedCount)}; ${formatNumber(page.reachedCount)} of ${plural(pagedCount, 'reader')} got this far`;
}

interface HeadProps {
  layout: PageLayout;
  axis: ReturnType<typeof axisOf>;
  height: number;
}

/** What stands in which column, and the lines of the times. */
function Head({ layout, axis, height }: HeadProps) {
  const { head, times, shares, reached, isNarrow } = layout;
  return (
    <g>
      {!isNarrow && (
        <>
          <text className={classes.caption} x={times.from} y={14}>
            Time in sight, middle half and median
          </text>
          <text className={classes.caption} x={shares.from} y={14}>
            What visits made of it
          </text>
          <text className={classes.caption} x={reached} y={14} textAnchor="end">
            Got so far
          </text>
        </>
      )}
      {axis.ticks.map((ms) => (
        <g key={ms}>
          <line className={classes.grid} x1={axis.at(ms)} x2={axis.at(ms)} y1={head - 2} y2={head + height} />
          <text
            className={classes.tick}
            x={axis.at(ms)}
            y={head - 8}
            textAnchor={ms === 0 ? 'start' : 'middle'}
          >
            {ms === 0 ? '0' : formatDuration(ms)}
          </text>
        </g>
      ))}
      {kinds.map(({ key, name, x }) => (
        <g key={key} transform={`translate(${((isNarrow ? 0 : shares.from) + x).toString()} 0)`}>
          <rect
            className={classes[key]}
            x={0.5}
            y={isNarrow ? 4.5 : head - 16.5}
            width={9}
            height={9}
            rx={2}
          />
          <text className={classes.tick} x={14} y={isNarrow ? 13 : head - 8}>
            {name}
          </text>
        </g>
      ))}
    </g>
  );
}

/** What a visit makes of a page, with the place of each in the key. */
export const kinds = [
  { key: 'skipped', name: 'skipped', x: 0, count: (page: AttentionPage) => page.skippedCount },
  { key: 'skimmed', name: 'skimmed', x: 68, count: (page: AttentionPage) => page.skimmedCount },
  { key: 'read', name: 'read', x: 143, count: (page: AttentionPage) => page.readCount },
  { key: 'studied', name: 'studied', x: 190, count: (page: AttentionPage) => page.studiedCount },
] as const;

interface RowPartProps {
  page: AttentionPage;
  layout: PageLayout;
}

/** The page in small, as a sheet of its own shape. */
function Sheet({
  versionId,
  page,
  sheet,
  layout,
}: RowPartProps & { versionId: string; sheet: RenditionPage | undefined }) {
  const { thumb, row, labelX, isNarrow } = layout;
  const ratio = sheet?.width && sheet.height ? sheet.width / sheet.height : 0.77;
  const width = Math.min(thumb.width, thumb.height * ratio);
  const height = width / ratio;
  const box = { x: (thumb.width - width) / 2 + 4, y: (row - height) / 2, width, height };
  return (
    <>
      <rect className={classes.sheet} {...box} rx={2} />
      {sheet?.hasImage && (
        <image
          {...box}
          href={pageImagePath(versionId, page.pageNumber, 'small')}
          preserveAspectRatio="xMidYMid slice"
        />
      )}
      <text className={classes.name} x={labelX} y={isNarrow ? 20 : row / 2 - 2}>
        {isNarrow ? `Page ${formatNumber(page.pageNumber)}` : formatNumber(page.pageNumber)}
      </text>
      {!isNarrow && (
        <text className={classes.tick} x={labelX} y={row / 2 + 14}>
          {page.wordCount > 0 ? `${formatNumber(page.wordCount)} words` : 'no text'}
        </text>
      )}
    </>
  );
}

/** The middle half of the times as a band, the median as a line, and a hollow mark where its words would take the reader. */
function Times({ page, layout, at }: RowPartProps & { at: (ms: number) => number }) {
  const { activeMs, expectedMs, seenCount } = page;
  const y = layout.times.y;
  const [from, to] = [at(activeMs?.low ?? 0), at(activeMs?.high ?? 0)];
  const isBeyond = at(expectedMs) > layout.times.to;
  return (
    <>
      <line className={classes.track} x1={layout.times.from} x2={layout.times.to} y1={y} y2={y} />
      {activeMs && seenCount >= fewestForQuartiles && (
        <rect className={classes.band} x={from} y={y - 7} width={Math.max(2, to - from)} height={14} rx={3} />
      )}
      {!isBeyond && (
        <path
          className={classes.expected}
          d={`M ${at(expectedMs).toString()} ${(y - 6).toString()} l 5 6 l -5 6 l -5 -6 z`}
        />
      )}
      {activeMs && (
        <>
          <rect
            className={classes.median}
            x={at(activeMs.median) - 1.5}
            y={y - 10}
            width={3}
            height={20}
            rx={1}
          />
          <text className={classes.time} x={layout.medianX} y={y + 4} textAnchor="end">
            {formatDuration(activeMs.median)}
          </text>
        </>
      )}
    </>
  );
}

/** Of the visits that came past, how many skipped, skimmed, read and studied it. */
function Shares({ page, layout }: RowPartProps) {
  const { from, to, y, height } = layout.shares;
  if (page.passedCount === 0) return null;
  const gap = 1.5;
  const widthOf = (count: number) => (count / page.passedCount) * (to - from);
  let x = from;
  return (
    <>
      {kinds.map(({ key, count }) => {
        const width = widthOf(count(page));
        const left = x;
        x += width;
        return width <= 0 ? null : (
          <rect
            key={key}
            className={classes[key]}
            x={left}
            y={y}
            width={Math.max(1, width - gap)}
            height={height}
            rx={2}
          />
        );
      })}
    </>
  );
}
