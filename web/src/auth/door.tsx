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
  62, 74, 58, 80, 66, 71, 84, 60, 76, 68, 57, 82, 64, 73, 61, 79, 67, 59, 75, 70, 63, 81, 65, 72,
];
const pulled = 14;

/** A shelf, mostly pale, with one spine pulled forward. */
function Spines() {
  return (
    <svg viewBox="0 0 480 110" preserveAspectRatio="xMidYMax meet" focusable="false" aria-hidden="true">
      {heights.map((height, index) => {
        const rung = index === pulled ? 7 : ((index * 5) % 3) + 1;
        const rise = index === pulled ? 12 : 0;
        return (
          <rect
            key={`spine-${index.toString()}`}
            x={6 + index * 19.6}
            y={104 - height - rise}
            width={14}
            height={height}
            rx={1.5}
            fill={index === pulled ? 'var(--accent)' : `var(--rung-${rung.toString()})`}
          />
        );
      })}
      <rect x={0} y={104} width={480} height={1.5} fill="var(--edge)" />
    </svg>
  );
}
