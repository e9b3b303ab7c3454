import type { RenditionPage } from '@offshelf/server/contract/rendering';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { pageImagePath } from '../lib/paths.ts';
import classes from './page-strip.module.css';

interface PageStripProps {
  assetVersionId: string;
  pages: readonly RenditionPage[];
  current: number;
  onChoose: (pageNumber: number) => void;
  /** Below a preview, or beside the pages of the reading view. */
  direction: 'row' | 'column';
}

const rowHeight = 76;
const columnWidth = 128;
const gap = 10;
const labelHeight = 22;

/** The pages in small, one stop for the Tab key; the arrows, Home and End walk them. Only those in sight are drawn. */
export function PageStrip({ assetVersionId, pages, current, onChoose, direction }: PageStripProps) {
  const scroller = useRef<HTMLElement>(null);
  const isRow = direction === 'row';
  const virtualizer = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    horizontal: isRow,
    estimateSize: (index) => {
      const { width, height } = boxOf(pages[index], isRow);
      return (isRow ? width : height + labelHeight) + gap;
    },
    overscan: 4,
    paddingStart: 3,
    paddingEnd: 3,
  });
  const currentIndex = Math.max(
    0,
    pages.findIndex((page) => page.pageNumber === current),
  );
  useEffect(() => {
    if (pages.length > 0) virtualizer.scrollToIndex(currentIndex, { align: 'auto' });
  }, [virtualizer, currentIndex, pages.length]);

  const go = (index: number) => {
    const next = pages[Math.max(0, Math.min(pages.length - 1, index))];
    if (!next) return;
    onChoose(next.pageNumber);
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-strip-page="${next.pageNumber.toString()}"]`)
        ?.focus(),
    );
  };
  const handleKey = (event: React.KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const steps: Record<string, number> = {
      ArrowRight: currentIndex + 1,
      ArrowDown: currentIndex + 1,
      ArrowLeft: currentIndex - 1,
      ArrowUp: currentIndex - 1,
      Home: 0,
      End: pages.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  return (
    <nav
      ref={scroller}
      aria-label="Pages"
      className={classes.strip}
      data-direction={direction}
      onKeyDown={handleKey}
    >
      <ol
        className={classes.track}
        style={isRow ? { width: virtualizer.getTotalSize() } : { height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const page = pages[item.index];
          if (!page) return null;
          const { width, height } = boxOf(page, isRow);
          const isCurrent = item.index === currentIndex;
          return (
            <li
              key={page.pageNumber}
              className={classes.item}
              aria-setsize={pages.length}
              aria-posinset={item.index + 1}
              style={
                isRow
                  ? { transform: `translateX(${item.start.toString()}px)` }
                  : { transform: `translateY(${item.start.toString()}px)` }
              }
            >
              <button
                type="button"
                className={classes.page}
                data-strip-page={page.pageNumber}
                aria-label={`Page ${page.pageNumber.toString()}`}
                aria-current={isCurrent ? 'page' : undefined}
                tabIndex={isCurrent ? 0 : -1}
                onClick={() => onChoose(page.pageNumber)}
              >
                <span className={classes.sheet} style={{ width, height }}>
                  {page.hasImage && (
                    <img
                      src={pageImagePath(assetVersionId, page.pageNumber, 'small')}
                      alt=""
                      decoding="async"
                      draggable={false}
                    />
                  )}
                </span>
                <span className={classes.number} aria-hidden="true">
                  {page.pageNumber}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** As much of the strip's height, or width, as the page's own shape takes. */
function boxOf(page: RenditionPage | undefined, isRow: boolean): { width: number; height: number } {
  const ratio = page?.width && page.height ? page.width / page.height : 0.77;
  if (isRow) return { width: Math.round(clamp(rowHeight * ratio, 40, 150)), height: rowHeight };
  return { width: columnWidth, height: Math.round(clamp(columnWidth / ratio, 60, 200)) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
