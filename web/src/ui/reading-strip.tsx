import { formatClock, formatDuration, formatNumber, plural } from '../lib/format.ts';
import classes from './reading-strip.module.css';

interface SeenPage {
  pageNumber: number;
  activeMs: number;
  isRead: boolean;
}

const mostNumbered = 24;

/** Active time page by page, from the first to the last of the document: ink where it was read, pale where it was seen. */
export function ReadingStrip({ pages, pageCount }: { pages: readonly SeenPage[]; pageCount: number }) {
  if (pages.length === 0) return null;
  const last = Math.max(pageCount, ...pages.map(({ pageNumber }) => pageNumber));
  const longest = Math.max(...pages.map(({ activeMs }) => activeMs), 1);
  const byNumber = new Map(pages.map((page) => [page.pageNumber, page]));
  const isNumbered = last <= mostNumbered;
  const label = pages
    .map(({ pageNumber, activeMs }) => `page ${formatNumber(pageNumber)} ${formatDuration(activeMs)}`)
    .join(', ');
  return (
    <div
      className={classes.strip}
      data-numbered={isNumbered || undefined}
      role="img"
      aria-label={`Active time by page: ${label}; of ${plural(last, 'page')}`}
      style={{ maxWidth: last * (isNumbered ? 30 : 14) }}
    >
      {Array.from({ length: last }, (_, index) => {
        const number = index + 1;
        const page = byNumber.get(number);
        return (
          <span
            key={`page-${number.toString()}`}
            className={classes.page}
            title={
              page
                ? `Page ${number.toString()}: ${formatDuration(page.activeMs)}`
                : `Page ${number.toString()}: not seen`
            }
          >
            <span className={classes.column}>
              {page && (
                <span
                  className={classes.bar}
                  data-read={page.isRead || undefined}
                  style={{ height: `${Math.max(8, (page.activeMs / longest) * 100).toString()}%` }}
                />
              )}
            </span>
            {isNumbered && <span className={classes.number}>{number}</span>}
          </span>
        );
      })}
    </div>
  );
}

/** Which parts of a video or sound were played. */
export function WatchedStrip({
  watched,
  durationMs,
}: {
  watched: readonly (readonly [number, number])[];
  durationMs: number | null;
}) {
  if (watched.length === 0) return null;
  const end = Math.max((durationMs ?? 0) / 1000, ...watched.map(([, to]) => to), 1);
  const ranges = watched.map(([from, to]) => `${formatClock(from * 1000)} to ${formatClock(to * 1000)}`);
  const played = playedSeconds(watched);
  return (
    <div className={classes.film}>
      <div className={classes.track} role="img" aria-label={`Played: ${ranges.join(', ')}`}>
        {watched.map(([from, to]) => (
          <span
            key={from}
            className={classes.played}
            title={`${formatClock(from * 1000)} to ${formatClock(to * 1000)}`}
            style={{
              left: `${((from / end) * 100).toString()}%`,
              width: `${(((to - from) / end) * 100).toString()}%`,
            }}
          />
        ))}
      </div>
      <span className={classes.filmWords}>
        {formatClock(played * 1000)} {durationMs !== null && `of ${formatClock(end * 1000)} `}played
      </span>
    </div>
  );
}

/** Seconds that were played by any of the ranges, each counted once. */
export function playedSeconds(ranges: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let until = 0;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
