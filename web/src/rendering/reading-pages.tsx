import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Wanted } from '../lib/marks.ts';
import { pageTextQuery } from '../lib/page-text.ts';
import { Paper } from '../ui/paper.tsx';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import type { RenditionPage } from './api.ts';
import classes from './reading-pages.module.css';
import { useScrollKeys } from './reading-state.ts';

export type Zoom = 'fit' | '100' | '150';

/** Where to go, new every time, so that going to the same page twice works. */
export interface Jump {
  pageNumber: number;
  /** To the match that is current, as soon as its words are there. */
  toMatch: boolean;
}

interface ReadingPagesProps {
  title: string;
  assetVersionId: string;
  pages: readonly RenditionPage[];
  pageCount: number;
  zoom: Zoom;
  wanted: Wanted;
  match: { pageNumber: number; index: number } | undefined;
  jump: Jump;
  onJump: (pageNumber: number) => void;
  /** The page that somebody reads now. */
  onPage: (pageNumber: number) => void;
}

const gap = 18;
const widest = 1080;
const pixelsPerPoint = 96 / 72;
const readAfterMs = 100;
const markAfterMs = 4000;

/** All pages below each other; only those near the window are there, so that a thousand weigh like three. */
export function ReadingPages(props: ReadingPagesProps) {
  const { title, assetVersionId, pages, pageCount, zoom, wanted, match, jump, onJump, onPage } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [measure, room] = useMeasuredWidth();
  const side = room < 640 ? 8 : 28;
  const fitting = Math.max(120, Math.min(room - 2 * side, widest));
  const widthOf = (page: RenditionPage | undefined) =>
    zoom === 'fit' || !page?.width ? fitting : page.width * pixelsPerPoint * (zoom === '150' ? 1.5 : 1);
  const virtualizer = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => pages[index]?.pageNumber ?? index,
    estimateSize: (index) => heightOf(pages[index], widthOf(pages[index])),
    overscan: 1,
    gap,
    paddingStart: gap,
    scrollPaddingStart: gap,
    paddingEnd: 48,
    enabled: room > 0,
  });

  // Another zoom or window keeps what was being read where it was.
  const place = useRef({ index: 0, share: 0 });
  const layout = `${fitting.toString()} ${zoom}`;
  const latest = useRef(layout);
  useLayoutEffect(() => {
    if (latest.current === layout) return;
    latest.current = layout;
    const { index, share } = place.current;
    virtualizer.measure();
    const start = virtualizer.getOffsetForIndex(index, 'start')?.[0] ?? 0;
    const size = heightOf(pages[index], widthOf(pages[index]));
    scroller.current?.scrollTo({ top: start + gap + share * size });
  });
  // Pages wider than the window begin in their middle.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout is centred once.
  useEffect(() => {
    const node = scroller.current;
    if (node) node.scrollLeft = (node.scrollWidth - node.clientWidth) / 2;
  }, [layout]);

  useScrollKeys(scroller);
  const isHeld = useRef(false);
  const isReady = room > 0 && pages.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a jump is made once, when it is asked for.
  useEffect(() => {
    if (!isReady) return;
    const index = pages.findIndex((page) => page.pageNumber === jump.pageNumber);
    if (index < 0) return;
    isHeld.current = true;
    if (!jump.toMatch || !isMarkShown(scroller.current, jump.pageNumber))
      virtualizer.scrollToIndex(index, { align: 'start' });
    return jump.toMatch ? showMark(scroller.current, jump.pageNumber) : undefined;
  }, [jump, isReady]);

  const follow = () => {
    const node = scroller.current;
    if (!node) return;
    // By the measurements: what is drawn is still what was in sight before this step.
    const top = virtualizer.getVirtualItemForOffset(node.scrollTop + gap);
    if (!top) return;
    place.current = { index: top.index, share: (node.scrollTop - top.start) / Math.max(1, top.size) };
    if (isHeld.current) return;
    const page = pages[readIndex(node, top, pages.length)];
    if (page) onPage(page.pageNumber);
  };
  /** Whoever moves by themselves is at what they see; until then at what they asked for, even near the end. */
  const letGo = () => {
    isHeld.current = false;
  };

  const tooWide = Math.max(
    room,
    ...virtualizer.getVirtualItems().map(({ index }) => widthOf(pages[index]) + 2 * side),
  );
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
      tabIndex={0}
      role="document"
      aria-label={title}
      onScroll={follow}
      onWheel={letGo}
      onTouchMove={letGo}
      onPointerDown={letGo}
      onKeyDown={letGo}
      data-pages
    >
      <div ref={measure} className={classes.measure} />
      <div className={classes.track} style={{ height: virtualizer.getTotalSize(), width: tooWide }}>
        {virtualizer.getVirtualItems().map((item) => {
          const page = pages[item.index];
          if (!page) return null;
          const width = widthOf(page);
          return (
            <div
              key={item.key}
              ref={page.hasImage ? undefined : virtualizer.measureElement}
              data-index={item.index}
              className={classes.place}
              style={{ width, transform: `translate(-50%, ${item.start.toString()}px)` }}
            >
              <PageHere
                assetVersionId={assetVersionId}
                page={page}
                pageCount={pageCount}
                width={width}
                wanted={wanted}
                currentMatch={match?.pageNumber === page.pageNumber ? match.index : undefined}
                onGoTo={onJump}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface PageHereProps {
  assetVersionId: string;
  page: RenditionPage;
  pageCount: number;
  width: number;
  wanted: Wanted;
  currentMatch: number | undefined;
  onGoTo: (pageNumber: number) => void;
}

/** Whoever flies past a page does not read it, so its words are asked for a moment later. */
function PageHere({ assetVersionId, page, ...rest }: PageHereProps) {
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), readAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const text = useQuery({
    ...pageTextQuery(assetVersionId, page.pageNumber),
    enabled: stays && (page.hasImage || page.wordCount > 0),
  });
  return <Paper {...rest} assetVersionId={assetVersionId} page={page} text={text.data} />;
}

/** The uppermost page, or the next one once more than half of what could be seen of it has gone. */
function readIndex(
  node: HTMLElement,
  top: { index: number; end: number; size: number },
  pageCount: number,
): number {
  if (node.scrollTop > 0 && node.scrollTop + node.clientHeight >= node.scrollHeight - 2) return pageCount - 1;
  const seen = top.end - node.scrollTop;
  const isGone = seen < Math.min(top.size, node.clientHeight) / 2;
  return Math.min(pageCount - 1, top.index + (isGone ? 1 : 0));
}

function heightOf(page: RenditionPage | undefined, width: number): number {
  if (page?.hasImage && page.width && page.height) return Math.round((width * page.height) / page.width);
  return 240 + (page?.wordCount ?? 0) * 2.4;
}

function currentMark(scroller: HTMLElement | null, pageNumber: number): HTMLElement | null {
  return scroller?.querySelector(`[data-page="${pageNumber.toString()}"] mark[data-current]`) ?? null;
}

function isMarkShown(scroller: HTMLElement | null, pageNumber: number): boolean {
  return currentMark(scroller, pageNumber) !== null;
}

/** Brings the current mark into the middle once it is there; gives up after a while, as the page is shown anyway. */
function showMark(scroller: HTMLElement | null, pageNumber: number): () => void {
  const until = performance.now() + markAfterMs;
  let frame = 0;
  const look = () => {
    const mark = currentMark(scroller, pageNumber);
    if (mark) mark.scrollIntoView({ block: 'center', inline: 'nearest' });
    else if (performance.now() < until) frame = requestAnimationFrame(look);
  };
  frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}
