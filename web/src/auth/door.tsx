import type { ReactNode } from 'react';
import { BrandMark } from '../ui/brand.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import classes from './door.module.css';

/** The page around a form in front of the sign-in. */
export function Door({
  title,
  lead,
  children,
  after,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  after?: ReactNode;
}) {
  usePageTitle(title);
  return (
    <main className={classes.door}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <BrandMark size={36} />
          <span>Offshelf</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        <div className={classes.form}>{children}</div>
        {after && <p className={classes.after}>{after}</p>}
      </div>
      <div className={classes.shelf} aria-hidden="true">
        <Spines />
      </div>
    </main>
  );
}

const heights = [
  62, 74, 58, 80, 66, 71, 84, 60, 76, 68, 57, 82, 64, 73, 61, 79, 67, 59, 75, 70, 63, 81, 65, 72, 69, 78, 60,
];
const widths = [13, 17, 11, 15, 20, 12, 16];
const pulled = 16;
const gap = 2.5;

/** A shelf, mostly pale, with one spine pulled forward. */
function Spines() {
  let x = 7;
  return (
    <svg viewBox="0 0 480 110" focusable="false" aria-hidden="true">
      {heights.map((height, index) => {
        const width = widths[index % widths.length] ?? 14;
        const left = x;
        x += width + gap;
        return (
          <rect
            key={`spine-${left.toString()}`}
            x={left}
            y={104 - height - (index === pulled ? 10 : 0)}
            width={width}
            height={height}
            rx={1.5}
            fill={index === pulled ? 'var(--accent)' : `var(--rung-${(((index * 5) % 3) + 1).toString()})`}
          />
        );
      })}
      <rect x={0} y={104} width={480} height={1.5} fill="var(--edge)" />
    </svg>
  );
}
