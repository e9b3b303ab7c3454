import classes from './shelf.module.css';

/** The colour of a rung, small, to stand before its name. */
export function RungSwatch({ step }: { step: number }) {
  return <span className={classes.swatch} data-rung={step} aria-hidden="true" />;
}
