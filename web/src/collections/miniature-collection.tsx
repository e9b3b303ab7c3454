import classes from './miniature-collection.module.css';

/** A collection in miniature: a few sheets in order, a note on each. */
export function MiniatureCollection() {
  return (
    <div className={classes.collection}>
      {['62%', '48%', '56%'].map((width, index) => (
        <div key={width} className={classes.item} style={{ opacity: 1 - index * 0.24 }}>
          <span className={classes.number}>{index + 1}</span>
          <span className={classes.sheet} />
          <span className={classes.lines}>
            <span className={classes.title} style={{ width }} />
            <span className={classes.note} style={{ width: `${(86 - index * 14).toString()}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
