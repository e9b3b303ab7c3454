import { Skeleton } from '@mantine/core';
import classes from './skeletons.module.css';

/** Rows of a list while it loads, with the columns' widths, so that nothing jumps when they arrive. */
export function SkeletonRows({
  rows = 8,
  widths = ['38%', '16%', '12%', '10%'],
}: {
  rows?: number;
  widths?: readonly string[];
}) {
  return (
    <div className={classes.rows} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row.toString()}`} className={classes.row}>
          {widths.map((width, column) => (
            <Skeleton key={`column-${column.toString()}`} height={10} width={width} radius={5} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Cards with pictures while they load. */
export function SkeletonGrid({ cards = 12 }: { cards?: number }) {
  return (
    <div className={classes.grid} aria-hidden="true">
      {Array.from({ length: cards }, (_, card) => (
        <div key={`card-${card.toString()}`}>
          <Skeleton className={classes.picture} radius={5} />
          <Skeleton height={11} width="78%" radius={5} mt={12} />
          <Skeleton height={9} width="44%" radius={5} mt={9} mb={22} />
        </div>
      ))}
    </div>
  );
}

/** Result cards while they load: a picture and three lines. */
export function SkeletonCards({ cards = 4 }: { cards?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: cards }, (_, card) => (
        <div key={`card-${card.toString()}`} className={classes.card}>
          <Skeleton height={92} width={148} radius={5} />
          <div className={classes.lines}>
            <Skeleton height={13} width="52%" radius={6} />
            <Skeleton height={10} width="86%" radius={5} />
            <Skeleton height={10} width="34%" radius={5} />
          </div>
        </div>
      ))}
    </div>
  );
}

/** A list of short lines, each this high, while it loads. */
export function SkeletonLines({ rows, height }: { rows: number; height: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row.toString()}`} style={{ height, paddingTop: height / 2 - 5 }}>
          <Skeleton height={10} width={`${(78 - ((row * 17) % 40)).toString()}%`} radius={5} />
        </div>
      ))}
    </div>
  );
}

/** Running text while it loads. */
export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <div className={classes.lines} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton
          key={`line-${line.toString()}`}
          height={10}
          width={line === lines - 1 ? '58%' : '100%'}
          radius={5}
        />
      ))}
    </div>
  );
}

/** A whole page while its code or first data loads. */
export function SkeletonPage() {
  return (
    <div role="status" aria-label="Loading">
      <h1 className="only-heard">Loading</h1>
      <Skeleton height={26} width={220} radius={6} />
      <Skeleton height={10} width="44%" radius={5} mt={14} mb={32} />
      <SkeletonRows />
    </div>
  );
}

/** A page with a title and cards under it while it loads. */
export function SkeletonCardsPage() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton height={26} width="46%" radius={6} mt={26} />
      <Skeleton height={10} width={240} radius={5} mt={14} mb={36} />
      <SkeletonCards />
    </div>
  );
}
