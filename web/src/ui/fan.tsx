import classes from './fan.module.css';
import { type Pictured, Thumbnail } from './thumbnail.tsx';

interface FanProps {
  /** The first three are shown, the first of them on top. */
  covers: readonly (Pictured & { id: string })[];
  size: 'card' | 'row';
}

/** Several assets as one thing: their first pages fanned out. Decoration, as its name is beside it. */
export function Fan({ covers, size }: FanProps) {
  const shown = covers.slice(0, 3);
  return (
    <span className={classes.fan} data-size={size} data-count={shown.length} aria-hidden="true">
      {shown.length === 0 && <span className={classes.empty} />}
      {shown.map((cover) => (
        <span key={cover.id} className={classes.sheet}>
          <Thumbnail asset={cover} size={size === 'row' ? 'row' : 'cover'} />
        </span>
      ))}
    </span>
  );
}
