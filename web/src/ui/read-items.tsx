import { formatDuration } from '../lib/format.ts';
import classes from './reading-strip.module.css';
import { ReadingStrip, WatchedStrip } from './reading-strip.tsx';

interface OpenedItem {
  assetVersionId: string;
  title: string;
  pageCount: number;
  durationMs: number | null;
  watched: readonly (readonly [number, number])[];
}

interface SeenPage {
  assetVersionId: string;
  pageNumber: number;
  activeMs: number;
  isRead: boolean;
}

/** What was opened in one visit: its pages with their times, what was played of it, and of a room which item it was. */
export function ReadItems({
  opened,
  pages,
  isNamed = opened.length > 1,
}: {
  opened: readonly OpenedItem[];
  pages: readonly SeenPage[];
  isNamed?: boolean;
}) {
  return opened.map(({ assetVersionId, title, pageCount, durationMs, watched }) => {
    const own = pages.filter((page) => page.assetVersionId === assetVersionId);
    const activeMs = own.reduce((sum, page) => sum + page.activeMs, 0);
    return (
      <div key={assetVersionId}>
        {isNamed && (
          <p className={classes.item}>
            {title}
            {activeMs > 0 && <span className={classes.itemTime}> for {formatDuration(activeMs)}</span>}
          </p>
        )}
        {pageCount > 1 && <ReadingStrip pages={own} pageCount={pageCount} />}
        <WatchedStrip watched={watched} durationMs={durationMs} />
      </div>
    );
  });
}
