import { useMemo } from 'react';
import { rungStep } from './rungs.ts';
import classes from './shelf.module.css';
import { bundleSpines, groupSpines, layOutStrip, type RungCount } from './shelf-layout.ts';
import { useMeasuredWidth } from './use-measured-width.ts';

const height = 36;

/** The whole shelf as one small picture, from ink to pale. The words beside it say what it shows. */
export function ShelfStrip({
  ladder,
  label,
}: {
  ladder: readonly Omit<RungCount, 'group'>[];
  label: string;
}) {
  const [measure, width] = useMeasuredWidth();
  const layout = useMemo(() => {
    const { spines } = bundleSpines(
      ladder.map(({ rung, count }) => ({ rung, count, group: null })),
      'rung',
      Math.max(width / 4, 1),
    );
    return layOutStrip(groupSpines(spines, 'rung').toReversed(), width, height);
  }, [ladder, width]);
  return (
    <div ref={measure} className={classes.strip} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {layout.spines.map(({ spine, x, width: thickness, height: tall }) => (
            <rect
              key={spine.assetId}
              className={classes.spine}
              data-rung={rungStep(spine.rung)}
              x={x}
              y={height - tall}
              width={thickness}
              height={tall}
              rx={0.75}
            />
          ))}
        </svg>
      )}
    </div>
  );
}
